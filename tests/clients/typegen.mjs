// The types that the platform's own generator makes of a database, as JSON.
import { introspect, sortGeneratorMetadata, generateTypescript } from '@supabase/postgrest-typegen'
import pg from 'pg'
const [url, schemas] = process.argv.slice(2)
const c = new pg.Client({ connectionString: url }); await c.connect()
const m = sortGeneratorMetadata(await introspect(c, { includedSchemas: schemas.split(',') }))
const options = { detectOneToOneRelationships: true, postgrestVersion: '13.0.4' }
console.log(JSON.stringify(await generateTypescript(m, options)))
await c.end()
