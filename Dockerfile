# `supasync serve` in a container; docs/how-to/deployment.md says how to run it.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY supasync ./supasync
RUN python -m venv /opt/supasync \
    && /opt/supasync/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt ".[serve,otel]"

FROM python:3.11-slim-bookworm
COPY --from=build /opt/supasync /opt/supasync
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin --home-dir /var/lib/supasync supasync \
    && install -d -o supasync -g supasync -m 0700 /var/lib/supasync
ENV PATH=/opt/supasync/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SUPASYNC_CONFIG=/etc/supasync/config.toml \
    SUPASYNC_STATE_DIR=/var/lib/supasync
USER 10001:10001
VOLUME /var/lib/supasync
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8787/healthz', timeout=4)"]
ENTRYPOINT ["supasync"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8787"]
