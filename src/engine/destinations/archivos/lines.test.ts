import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FilesBench, tableOf } from './files-bench.fixture'

let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.open()
})
afterEach(() => bench.close())

const formato = { tipo: 'jsonl' } as const
const ID = { nombre: 'id', tipo: { tipo: 'entero' }, nulos: false } as const
const MONTO = { nombre: 'monto', tipo: { tipo: 'decimal', precision: 38, escala: 9 } } as const
const upsert = { tipo: 'upsert' as const, clave: ['id'] }
const tabla = tableOf({ formato, columnas: [ID, MONTO], estrategia: upsert })

const path = () => join(bench.carpeta, 'ventas.jsonl')
const put = (...lines: string[]) => writeFile(path(), `${lines.join('\n')}\n`)
const lines = async () => (await readFile(path(), 'utf8')).split('\n').filter(Boolean).sort()
const rows = (...values: string[]) =>
  `SELECT a::BIGINT, b::DECIMAL(38,9) FROM (VALUES ${values.join(', ')}) AS v(a, b)`

it('a line that is updated goes on with its other members, as they stood', async () => {
  const others = String.raw`"n":12345678901234567890.123456789012345,"cero":1.500,"texto con \"comillas\", y {llaves}":"a\u00f1o,\"id\":7}","nada":null,"lista":[1.0,{"id":9.90}],"~/":true`
  await put(`{ "id" : 1 , "monto":1.5, ${others} }`, `{"id":2,"monto":2, ${others}}`)
  const { totales } = await bench.load(tabla, rows('(1, 9)', '(3, 3)'))
  expect(totales).toEqual({ leidas: 2, insertadas: 1, actualizadas: 1, eliminadas: 0 })
  expect(await lines()).toEqual(
    [
      `{"id":1,"monto":9.000000000,${others}}`,
      `{"id":2,"monto":2, ${others}}`,
      '{"id":3,"monto":3.000000000}',
    ].sort(),
  )
})

it('a line that is deleted and inserted is new; the others stay as they stood', async () => {
  await put('{"id":1,"monto":1,"otra":1.50}', '{"id":2,"monto":2,"otra":2.50}')
  const replace = { tipo: 'delete_insert' as const, borrar: { por: 'clave' as const, clave: ['id'] } }
  const { totales } = await bench.load({ ...tabla, estrategia: replace }, rows('(1, 9)'))
  expect(totales).toMatchObject({ insertadas: 1, eliminadas: 1 })
  expect(await lines()).toEqual(['{"id":1,"monto":9.000000000}', '{"id":2,"monto":2,"otra":2.50}'])
})

it('members too deep to be told apart stay, though their fractions are read as numbers', async () => {
  const deep = `${'[{"a":'.repeat(20)}1.50${'}]'.repeat(20)}`
  await put(`{"id":1,"monto":1,"hondo":${deep}}`)
  await bench.load(tabla, rows('(1, 9)'))
  expect(await lines()).toEqual([`{"id":1,"monto":9.000000000,"hondo":${deep.replace('1.50', '1.5')}}`])
})

it('long digits are told from each other: as values, and as a key', async () => {
  const long = '12345678901234567890.123456789'
  await bench.load(tabla, rows(`(1, ${long})`))
  const again = await bench.load(tabla, rows(`(1, ${long})`))
  expect(again.totales).toMatchObject({ insertadas: 0, actualizadas: 0 })
  const next = await bench.load(tabla, rows(`(1, 12345678901234567890.123456788)`))
  expect(next.totales).toMatchObject({ insertadas: 0, actualizadas: 1 })
  // The same, where the name asks for care or an object stands in the line.
  const odd = tableOf({
    formato,
    tabla: 'otra',
    columnas: [ID, { ...MONTO, nombre: 'a":b' }],
    estrategia: { tipo: 'upsert', clave: ['a":b'] },
  })
  await bench.load(odd, rows(`(1, ${long})`))
  expect((await bench.load(odd, rows(`(2, ${long})`))).totales).toMatchObject({ actualizadas: 1 })
  await put(`{"o":{"monto":5},"id":1,"monto":${long}}`)
  expect((await bench.load(tabla, rows(`(1, ${long})`))).totales).toMatchObject({ actualizadas: 0 })
  expect(await lines()).toEqual([`{"id":1,"monto":${long},"o":{"monto":5}}`])
})

it('a number that JSON does not have is null there, and is the same the next time', async () => {
  const doble = tableOf({
    formato,
    columnas: [ID, { nombre: 'd', tipo: { tipo: 'doble' } }],
    estrategia: upsert,
  })
  const odd = `SELECT a::BIGINT, b::DOUBLE FROM (VALUES (1, 'nan'), (2, 'inf'), (3, '0.1')) AS v(a, b)`
  await bench.load(doble, odd)
  expect(await lines()).toEqual(['{"id":1,"d":null}', '{"id":2,"d":null}', '{"id":3,"d":0.1}'])
  expect((await bench.load(doble, odd)).totales).toMatchObject({ insertadas: 0, actualizadas: 0 })
})

it('a line that goes on with a long member can be read the next time', async () => {
  await put(`{"id":1,"monto":1,"largo":"${'x'.repeat(1_900_000)}"}`)
  const wide = tableOf({
    formato,
    columnas: [ID, { nombre: 'nota', tipo: { tipo: 'texto' } }],
    estrategia: upsert,
    deriva: 'evolucionar',
  })
  const note = (id: number) => `SELECT ${id}::BIGINT, repeat('y', 200000)`
  await bench.load(wide, note(1))
  await bench.load(wide, note(2))
  expect((await lines()).map((line) => line.length > 2_000_000)).toEqual([true, false])
})

it('a line that is no JSON is told, and nothing changes', async () => {
  await put('{"id":1,"monto":1}', '{"id":2,"monto":')
  const before = await lines()
  await expect(bench.load(tabla, rows('(1, 9)'))).rejects.toMatchObject({
    code: 'ARCHIVO_ILEGIBLE',
    message: 'La línea 2 de «ventas.jsonl» no es JSON.',
  })
  expect(await lines()).toEqual(before)
})
