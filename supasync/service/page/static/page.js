// The page without a reload: what is known is fetched again, and a run is followed as it goes.
"use strict";

// A link from elsewhere comes without the session's cookie; one from here brings it.
const onward = document.querySelector("[data-go-on]");
if (onward) location.replace(onward.href);

const live = document.getElementById("live");
let following = null;

function swap(region, html) {
  if (region.innerHTML === html) return;
  const held = region.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const open = [...region.querySelectorAll("details")].map((each) => each.open);
  region.innerHTML = html;
  region.querySelectorAll("details").forEach((each, n) => { each.open = open[n] ?? each.open; });
  if (held) region.querySelector(`[href="${CSS.escape(held)}"]`)?.focus();
}

async function refresh() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (answer.redirected) return location.reload();
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of document.querySelectorAll("[data-fresh], #live")) {
    const found = fresh.getElementById(region.id);
    if (found && !(region === live && following)) swap(region, found.innerHTML);
  }
  if (live && fresh.querySelector("#live[data-busy]")) follow();
}

function follow() {
  if (following) return;
  following = new EventSource(live.dataset.live);
  following.onmessage = (event) => swap(live, JSON.parse(event.data));
  following.addEventListener("over", () => { leave(); refresh().catch(() => {}); });
  following.onerror = () => { if (following?.readyState === EventSource.CLOSED) leave(); };
}

function leave() {
  following?.close();
  following = null;
}

if (live?.hasAttribute("data-busy")) follow();
if (document.querySelector("[data-fresh]")) {
  // a failure is followed by the next try, as is a page that shows how old its facts are
  setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, 5000);
  addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
}
