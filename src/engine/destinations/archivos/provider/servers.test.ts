import type { Connector } from '@engine/connectors'
import {
  azurePlace,
  gcsPlace,
  minioPlace,
  type Place,
  s3Place,
  sftpPlace,
} from '@engine/daemons/sage-daemon/remote/places.fixture'
import { cephMissing } from '@testkit/ceph'
import { sshdMissing } from '@testkit/connectors/sshd'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRemote, listRemote, loadFiles, probarProveedor, providerShelves, trialFiles } from '..'
import { COLUMNS, FilesBench, tableOf } from '../files-bench.fixture'
import { Objects } from './objects'
import { RemoteSight } from './remote-sight'

const SERVERS: Record<string, { missing: string | null; start(): Promise<Place> }> = {
  sftp: { missing: sshdMissing, start: sftpPlace },
  s3: { missing: cephMissing, start: s3Place },
  minio: { missing: cephMissing, start: minioPlace },
  azure: { missing: null, start: azurePlace },
  gcs: { missing: null, start: gcsPlace },
}

const UPSERT = { tipo: 'upsert' as const, clave: ['id'] }
const BY_DAY = { tipo: 'parquet' as const, particiones: ['dia'] }
const one = (id: number, nombre = 'x', dia = 'NULL') => `(${id}, '${nombre}', ${id}, ${dia})`

describe.each(Object.entries(SERVERS))('tables of files on a real %s', (kind, { missing, start }) => {
  if (missing !== null) {
    it.skip(`${kind}: ${missing}`, () => undefined)
    return
  }
  let place: Place
  let bench: FilesBench
  let connector: Connector
  beforeAll(async () => {
    place = await start()
    bench = await FilesBench.open()
    connector = await place.open('datos')
  }, 120_000)
  afterAll(async () => {
    await connector?.close()
    await bench?.close()
    await place?.stop()
  })

  const shelves = () => providerShelves(connector, 'lago', bench.root)
  const load = async (tabla: ReturnType<typeof tableOf>, rows: string, run = bench.run()) =>
    loadFiles(shelves(), [{ tabla, source: await bench.source(tabla, rows) }], run)
  /** Ids and names in the files in force, brought from the server. */
  const there = async (tabla: ReturnType<typeof tableOf>): Promise<string[]> => {
    const sight = new RemoteSight(new Objects(connector, bench.root), 'lago', tabla, {}, bench.root)
    await sight.refresh()
    const files = (await sight.files()).map((file) => `'${file}'`)
    const read = tabla.formato?.tipo === 'csv' ? 'read_csv' : 'read_parquet'
    const rows = await bench.duck.rows(
      `SELECT id || ' ' || nombre AS r FROM ${read}([${files.join(', ')}]) ORDER BY id`,
    )
    return rows.map(({ r }) => String(r))
  }

  it('each strategy leaves what it says; the same execution again changes nothing', async () => {
    const upsert = tableOf({ tabla: 'ventas ñ', estrategia: UPSERT })
    await load(upsert, bench.rows(one(1), one(2)))
    const run = bench.run()
    expect((await load(upsert, bench.rows(one(2, 'dos'), one(3)), run)).totales).toMatchObject({
      insertadas: 1,
      actualizadas: 1,
    })
    expect((await load(upsert, bench.rows(one(9)), { ...run, carga: bench.run().carga })).repetida).toBe(true)
    expect(await there(upsert)).toEqual(['1 x', '2 dos', '3 x'])

    const add = tableOf({ tabla: 'suma', formato: { tipo: 'csv' } })
    await load(add, bench.rows(one(1)))
    await load(add, bench.rows(one(2)))
    expect(await there(add)).toEqual(['1 x', '2 x'])

    const full = tableOf({ tabla: 'foto', estrategia: { tipo: 'full', conservar: 1 } })
    for (const id of [1, 2, 3]) await load(full, bench.rows(one(id)))
    expect(await there(full)).toEqual(['3 x'])
    expect((await connector.list('lago/foto__cargas')).entries).toHaveLength(1)
  }, 120_000)

  it('partitions: added to, replaced, and the version before the last stays', async () => {
    const add = tableOf({ tabla: 'partes', formato: BY_DAY })
    await load(add, bench.rows(one(1, 'a', `DATE '2026-01-01'`), one(2)))
    await load(add, bench.rows(one(3, 'c', `DATE '2026-01-01'`)))
    expect(await there(add)).toEqual(['1 a', '2 x', '3 c'])
    const change = { ...add, estrategia: UPSERT }
    await load(change, bench.rows(one(2, 'dos')))
    await load(change, bench.rows(one(3, 'tres')))
    expect(await there(add)).toEqual(['1 a', '2 dos', '3 tres'])
    const versions = (await connector.list('lago/partes')).entries.filter(
      ({ kind: what }) => what === 'folder',
    )
    expect(versions).toHaveLength(2)
  }, 120_000)

  it('of two loads that began from one table one is written down', async () => {
    const tabla = tableOf({ tabla: 'disputa', estrategia: UPSERT })
    await load(tabla, bench.rows(one(1)))
    const sight = new RemoteSight(new Objects(connector, bench.root), 'lago', tabla, {}, bench.root)
    await sight.refresh()
    const { log } = sight
    const head = await log.last({})
    if (!head) throw new Error('Nothing was written down')
    // What another engine would do at the same moment, with the same number.
    const tries = Array.from({ length: 6 }, (_, i) =>
      log.add(head.n + 1, { ...head.commit, motor: `motor ${i}` }, {}),
    )
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1)
  }, 120_000)

  it('tells its tables, their columns, what a load would change, and whether the folder can be used', async () => {
    expect((await listRemote(connector, 'lago')).map(({ tabla }) => tabla)).toEqual([
      'disputa',
      'foto',
      'partes',
      'suma',
      'ventas ñ',
    ])
    const given = { connector, duck: bench.duck, dir: bench.root }
    const ventas = { esquema: null, tabla: 'ventas ñ' }
    expect((await describeRemote(given, 'lago', ventas)).columnas).toMatchObject(
      COLUMNS.map(({ nombre, tipo }) => ({ nombre, equivale: tipo })),
    )
    const tabla = tableOf({ tabla: 'ventas ñ', estrategia: UPSERT })
    const source = await bench.source(tabla, bench.rows(one(1, 'uno')))
    expect((await trialFiles(shelves(), [{ tabla, source }])).tablas).toMatchObject([
      { filasAntes: 3, actualizadas: 1, insertadas: 0 },
    ])
    const before = (await connector.list('lago')).entries.length
    const { ok, pasos } = await probarProveedor(() => place.open('datos'), 'lago', {})
    expect([ok, pasos.map(({ estado }) => estado)]).toEqual([true, ['bien', 'bien', 'bien', 'bien']])
    expect((await connector.list('lago')).entries).toHaveLength(before)
  }, 120_000)
})
