import { gzipSync } from 'node:zlib'
import { rawZip } from '@testkit/hostile'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inferSample, sampleYaml, tryDraft } from '.'
import { accepted, lines, SampleBench } from './sample-bench'

const zipOf = (files: Record<string, string>): Buffer =>
  rawZip(Object.entries(files).map(([name, content]) => ({ name, data: Buffer.from(content) })))

let bench: SampleBench
beforeEach(async () => {
  bench = await SampleBench.open()
})
afterEach(() => bench.close())

describe('header', () => {
  it('is seen by what stands below, and says why', async () => {
    const { decision } = await bench.one(
      lines(30, (i) => (i === 0 ? 'codigo,alta,importe' : `A${i},2024-01-0${(i % 9) + 1},${i}.5`)),
    )
    expect(decision).toMatchObject({
      encabezado: true,
      seguridad: 'alta',
      primeraFila: ['codigo', 'alta', 'importe'],
    })
    expect(decision.razones.join(' ')).toContain('Debajo de «importe» hay números')
  })

  it.each([
    ['codes and amounts', (i: number) => `P${100 + i},${i * 3}.25,2024-03-1${i % 10}`],
    ['text that repeats', (i: number) => `LIMA,${['ALTA', 'BAJA'][i % 2]}`],
    ['codes of one form', (i: number) => `CLI-${1000 + i};VEN-${i % 7}`],
    ['empty cells', (i: number) => `${i},,x${i}`],
  ])('is not taken from data: %s', async (_what, line) => {
    const { decision, columnas, registros } = await bench.one(lines(20, line))
    expect(decision.encabezado).toBe(false)
    expect(decision.razones.length).toBeGreaterThan(0)
    expect(columnas[0]?.nombre).toBe('COLUMNA_1')
    expect(registros).toBe(20)
  })

  it('reads years as names over numbers, and a header over text only by its words', async () => {
    const years = await bench.one(`producto;2023;2024\n${lines(9, (i) => `Caja ${i};${i}00;${i}50`)}`)
    expect(years.decision.encabezado).toBe(true)
    expect(years.columnas.map((c) => c.nombre)).toEqual(['producto', '2023', '2024'])
    const words = await bench.one('nombre,ciudad\nAna,Lima\nBeto,Cusco\n')
    expect(words.decision.encabezado).toBe(true)
  })

  it('is what the person says, when they say it', async () => {
    const text = 'codigo,importe\nA1,5\nA2,6\n'
    const said = await bench.infer('datos.csv', text, [{ origen: 'datos.csv', encabezado: false }])
    expect(said.catalogos[0]?.decision).toMatchObject({ encabezado: false, seguridad: 'persona' })
    expect(said.catalogos[0]?.registros).toBe(3)
    expect(said.catalogos[0]?.columnas[1]).toMatchObject({ nombre: 'COLUMNA_2', tipo: 'texto' })
  })
})

describe('delimiter', () => {
  it.each([
    [',', ','],
    [';', ';'],
    ['|', '|'],
    ['tab', '\t'],
    ['^', '^'],
  ])('finds %s', async (_name, mark) => {
    const record = (cells: string[]): string => cells.join(mark)
    const { delimitador, columnas } = await bench.one(
      `${record(['id', 'nombre', 'nota'])}\n${lines(10, (i) => record([`${i}`, `"Nombre, de ${i}"`, '"a;b|c"']))}`,
    )
    expect(delimitador).toBe(mark)
    expect(columnas.map((column) => column.nombre)).toEqual(['id', 'nombre', 'nota'])
  })

  it('does not take decimal commas for it', async () => {
    const { delimitador, columnas } = await bench.one(lines(12, (i) => `${i},5;${i},25`))
    expect(delimitador).toBe(';')
    expect(columnas.map((c) => [c.tipo, c.decimal])).toEqual([
      ['decimal', ','],
      ['decimal', ','],
    ])
  })

  it('reads a file of one column', async () => {
    const { columnas, registros } = await bench.one('codigo\nA1\nA2\n')
    expect(columnas).toMatchObject([{ nombre: 'codigo', tipo: 'texto' }])
    expect(registros).toBe(2)
  })
})

describe('files', () => {
  it('relates the files of a ZIP, by name and by what they hold', async () => {
    const ventas = lines(60, (i) => (i === 0 ? 'factura;cliente;monto' : `F${i};C${(i % 5) + 1};${i}.10`))
    const clientes = lines(9, (i) => (i === 0 ? 'codigo_cliente;nombre' : `C${i};Cliente ${i}`))
    const muestra = await bench.infer(
      'envio.zip',
      zipOf({ 'envio/ventas_20240131.csv': ventas, 'envio/clientes.csv': clientes }),
    )
    expect(muestra.empaquetado).toBe('ZIP')
    expect(muestra.catalogos.map((c) => [c.id, c.archivo, c.registros])).toEqual([
      ['ventas', 'ventas_*.csv', 59],
      ['clientes', 'clientes.csv', 8],
    ])
    expect(muestra.relaciones).toEqual([
      {
        desde: { catalogo: 'ventas', columna: 'cliente' },
        hacia: { catalogo: 'clientes', columna: 'codigo_cliente' },
        cobertura: 1,
      },
    ])
    const yaml = sampleYaml(accepted(muestra))
    expect(yaml).toContain('package_validation')
    const broken = zipOf({
      'ventas_20240201.csv': 'factura;cliente;monto\nF1;C99;1.5\n',
      'clientes.csv': clientes,
    })
    const { verdict, findings } = await tryDraft({
      path: await bench.sample('otro.zip', broken),
      yaml,
      workRoot: bench.workRoot,
    })
    expect(verdict.estado).toBe('Fallido')
    expect(findings.map((f) => [f.rule, f.record])).toContainEqual(['ventas.cliente está en clientes', 1])
  })

  it('keeps exact names when two files differ by their date only', async () => {
    const one = 'id,v\n1,a\n'
    const muestra = await bench.infer('z.zip', zipOf({ 'v_20240101.csv': one, 'v_20240102.csv': one }))
    expect(muestra.catalogos.map((c) => c.archivo)).toEqual(['v_20240101.csv', 'v_20240102.csv'])
  })

  it('reads gzip, JSON lines and Windows-1252, and works in its own folder only', async () => {
    const gz = await bench.infer('ventas.csv.gz', gzipSync('id,monto\n1,2.5\n2,3.5\n'))
    expect(gz.catalogos[0]).toMatchObject({ origen: 'ventas.csv', formato: 'CSV', registros: 2 })
    const json = await bench.infer('v.jsonl', '{"id":1,"n":"Ana"}\n{"id":2,"n":"Luz"}\n')
    expect(json.catalogos[0]).toMatchObject({ formato: 'JSONL', delimitador: null })
    const latin = await bench.infer('l.csv', Buffer.from('id,año\n1,2024\n2,España\n', 'latin1'))
    expect(latin.catalogos[0]).toMatchObject({ codificacion: 'windows-1252' })
    expect(latin.catalogos[0]?.columnas[1]?.nombre).toBe('año')
    expect(await bench.list()).toEqual(['l.csv', 'trabajo', 'v.jsonl', 'ventas.csv.gz'])
    expect(await bench.list('trabajo')).toEqual([])
  })

  it.each([
    ['vacio.csv', '', 'FILE_EMPTY'],
    ['foto.csv', '\u0089PNG\r\n', 'FILE_BINARY'],
    ['vacio.zip', zipOf({ 'carpeta/Thumbs.db': 'x' }), 'SAMPLE_EMPTY'],
  ])('says what is wrong with %s', async (name, content, code) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
    await expect(bench.infer(name, bytes)).rejects.toMatchObject({ code })
    expect(await bench.list('trabajo')).toEqual([])
  })

  it('tells of records that do not fit and of a header without names', async () => {
    const ragged = await bench.one(`id,nombre,monto\n${lines(20, (i) => (i === 7 ? '1,2' : `${i},Ana,2`))}`)
    expect(ragged.avisos.join()).toContain('1 registro no tiene 3 columnas')
    const titled = await bench.one(`Reporte de ventas\nid;monto\n${lines(20, (i) => `${i};2`)}`)
    expect(titled.avisos.join()).toContain('si arriba del encabezado hay un título')
    const unnamed = await bench.one(`id,,monto\n${lines(20, (i) => `${i},Ana ${i},2.5`)}`)
    expect(unnamed.avisos.join()).toContain('La columna 2 no tiene nombre')
    expect(unnamed.columnas[1]?.nombre).toBe('COLUMNA_2')
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    stop.abort()
    const path = await bench.sample('a.csv', 'id\n1\n')
    await expect(inferSample({ path, workRoot: bench.workRoot, signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })
})
