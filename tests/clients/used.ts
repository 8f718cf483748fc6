// A program that uses generated types; tsc tells whether they say what they are to say.
import { createClient } from '@supabase/supabase-js'
import { Constants } from './types.ts'
import type { CompositeTypes, Database, Enums, Tables, TablesInsert, TablesUpdate } from './types.ts'

const client = createClient<Database>('http://127.0.0.1', 'key')

export const ship: TablesInsert<'ships'> = { 'Call Sign': 'DGLX', contact: 'a@b', meta: {} }
export const change: TablesUpdate<'ships'> = { class: 'ok' }
export const log: TablesInsert<{ schema: 'app' }, 'logs'> = { ship: 1 }
export const mood: Enums<'mood'> = Constants.public.Enums.mood[0]
export const point: CompositeTypes<{ schema: 'app' }, 'point_2d'> = { x: 1, y: 2, kind: 'ok', inside: 'a' }
export const row = (crew: Tables<'crew'>, view: Tables<'crew_list'>): (string | null)[] => [crew.name, view.name]

// @ts-expect-error an identity that is always generated
export const wrong: TablesInsert<'ships'> = { id: 1, 'Call Sign': 'DGLX', contact: 'a@b', meta: {} }
// @ts-expect-error no label of the enum
export const other: Enums<'mood'> = 'cheerful'

export async function read(): Promise<number> {
  const { data } = await client.from('crew').select('seat, ships("Call Sign")').single()
  const sign: string | undefined = data?.ships['Call Sign']
  const { data: sum } = await client.rpc('add', { a: 1 })
  const { data: logs } = await client.schema('app').from('logs').select('id')
  return (sum ?? 0) + (logs?.length ?? 0) + (sign?.length ?? 0)
}
