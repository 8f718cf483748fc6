// What applications do with supabase-js: log in, read, write, call. Prints what came of it.
import { createClient } from '@supabase/supabase-js'
const [url, anon, service, secret] = process.argv.slice(2)
const options = { auth: { persistSession: false, autoRefreshToken: false }, realtime: { transport: class {} } }
const admin = createClient(url, service, options)
const out = {}
const ok = ({ data, error }) => { if (error) throw new Error(JSON.stringify(error)); return data }
const email = `js${Date.now()}@ship.example`
const made = ok(await admin.auth.admin.createUser({ email, password: 'anchor-chain-7', email_confirm: true }))
out.listed = ok(await admin.auth.admin.listUsers()).users.some((u) => u.id === made.user.id)
const client = createClient(url, anon, options)
const wrong = await client.auth.signInWithPassword({ email, password: 'no' })
out.wrong = [wrong.error.status, wrong.error.code]
const signed = ok(await client.auth.signInWithPassword({ email, password: 'anchor-chain-7' }))
out.signed = signed.user.id === made.user.id
out.user = ok(await client.auth.getUser()).user.email === email
out.inserted = ok(await client.from('notes').insert({ title: 'one' }).select('title, mine:owner'))
out.selected = ok(await client.from('notes').select('*').eq('title', 'one').order('id', { ascending: false }).limit(1).single()).title
out.maybe = ok(await client.from('notes').select('*').eq('title', 'none').maybeSingle())
const counted = await client.from('notes').select('*', { count: 'exact', head: true })
out.count = [counted.count, counted.error]
out.anon = ok(await createClient(url, anon, options).from('notes').select('*'))
out.rpc = ok(await client.rpc('add', { a: 2, b: 3 }))
out.secret = ok(await createClient(url, secret, options).from('notes').select('title'))
const denied = await client.from('nowhere').select()
out.missing = [denied.status, denied.error.code]
const session = ok(await client.auth.refreshSession()).session
out.refreshed = Boolean(session.access_token)
const link = ok(await admin.auth.admin.generateLink({ type: 'magiclink', email }))
out.link = ok(await createClient(url, anon, options).auth.verifyOtp({ type: 'magiclink', token_hash: link.properties.hashed_token })).user.email === email
out.updated = ok(await client.auth.updateUser({ data: { deck: 'A' } })).user.user_metadata.deck
await client.auth.signOut()
out.gone = (await client.auth.getSession()).data.session
await admin.auth.admin.deleteUser(made.user.id)
console.log(JSON.stringify(out))
