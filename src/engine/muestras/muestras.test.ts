import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { checkRule } from '@engine/execution/rule-checker'
import { parseSageYaml } from '@engine/sage-yaml'
import type { EsquemaCorregido, MuestraInferida } from '@shared/model/muestra'
import { rawZip } from '@testkit/hostile'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inferSample, sampleYaml, tryDraft } from '.'

const zipOf = (files: Record<string, string>): Buffer =>
  rawZip(Object.entries(files).map(([name, content]) => ({ name, data: Buffer.from(content) })))

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sage-muestra-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function sample(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(root, name)
  await writeFile(path, content)
  return path
}

const infer = async (
  name: string,
  content: string | Uint8Array,
  corrections?: Parameters<typeof inferSample>[0]['corrections'],
): Promise<MuestraInferida> =>
  inferSample({
    path: await sample(name, content),
    workRoot: join(root, 'trabajo'),
    memoryLimit: 512 * 1024 * 1024,
    ...(corrections ? { corrections } : {}),
  })

async function inferOne(content: string | Uint8Array, name = 'datos.csv') {
  const [catalog] = (await infer(name, content)).catalogos
  if (!catalog) throw new Error('no catalog')
  return catalog
}

const lines = (n: number, line: (i: number) => string): string =>
  `${Array.from({ length: n }, (_, i) => line(i)).join('\n')}\n`

/** The proposal as the window sends it back when nothing is corrected; every suggested rule is taken. */
function accepted(muestra: MuestraInferida, rules = true): EsquemaCorregido {
  return {
    nombre: muestra.nombre,
    descripcion: '',
    empaquetado: muestra.empaquetado,
    catalogos: muestra.catalogos.map((c) => ({
      id: c.id,
      nombre: c.nombre,
      archivo: c.archivo,
      formato: c.formato,
      delimitador: c.delimitador,
      hoja: c.hoja,
      codificacion: c.codificacion,
      encabezado: c.decision.encabezado,
      columnas: c.columnas.map((f) => ({
        nombre: f.nombre,
        tipo: f.tipo,
        formato: f.formato,
        decimal: f.decimal,
        miles: f.miles,
        recortar: f.recortar,
        obligatorio: f.obligatorio,
        unico: f.sinRepetir,
        valores: rules ? f.valores : null,
      })),
    })),
    relaciones: rules
      ? muestra.relaciones.filter((r) => r.cobertura === 1).map(({ desde, hacia }) => ({ desde, hacia }))
      : [],
  }
}

/** Infers, writes, parses and judges the sample with its own YAML. */
async function roundTrip(name: string, content: string | Uint8Array) {
  const muestra = await infer(name, content)
  const yaml = sampleYaml(accepted(muestra))
  const parsed = parseSageYaml(yaml, { checkRules: checkRule })
  const { verdict } = await tryDraft({ path: join(root, name), yaml, workRoot: join(root, 'trabajo') })
  return { muestra, yaml, diagnostics: parsed.diagnostics, verdict }
}

describe('header', () => {
  it('is seen by what stands below, and says why', async () => {
    const { decision } = await inferOne(
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
    const { decision, columnas, registros } = await inferOne(lines(20, line))
    expect(decision.encabezado).toBe(false)
    expect(decision.razones.length).toBeGreaterThan(0)
    expect(columnas[0]?.nombre).toBe('COLUMNA_1')
    expect(registros).toBe(20)
  })

  it('reads years as names over numbers, and a header over text only by its words', async () => {
    const years = await inferOne(`producto;2023;2024\n${lines(9, (i) => `Caja ${i};${i}00;${i}50`)}`)
    expect(years.decision.encabezado).toBe(true)
    expect(years.columnas.map((c) => c.nombre)).toEqual(['producto', '2023', '2024'])
    const words = await inferOne('nombre,ciudad\nAna,Lima\nBeto,Cusco\n')
    expect(words.decision.encabezado).toBe(true)
  })

  it('is what the person says, when they say it', async () => {
    const text = 'codigo,importe\nA1,5\nA2,6\n'
    const said = await infer('datos.csv', text, [{ origen: 'datos.csv', encabezado: false }])
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
    const { delimitador, columnas } = await inferOne(
      `${record(['id', 'nombre', 'nota'])}\n${lines(10, (i) => record([`${i}`, `"Nombre, de ${i}"`, '"a;b|c"']))}`,
    )
    expect(delimitador).toBe(mark)
    expect(columnas.map((column) => column.nombre)).toEqual(['id', 'nombre', 'nota'])
  })

  it('does not take decimal commas for it', async () => {
    const { delimitador, columnas } = await inferOne(lines(12, (i) => `${i},5;${i},25`))
    expect(delimitador).toBe(';')
    expect(columnas.map((c) => [c.tipo, c.decimal])).toEqual([
      ['decimal', ','],
      ['decimal', ','],
    ])
  })

  it('reads a file of one column', async () => {
    const { columnas, registros } = await inferOne('codigo\nA1\nA2\n')
    expect(columnas).toMatchObject([{ nombre: 'codigo', tipo: 'texto' }])
    expect(registros).toBe(2)
  })
})

describe('types', () => {
  const typeOf = async (values: string[], mark = '|') => {
    const catalog = await inferOne(
      `campo${mark}otro\n${values.map((value) => `${value}${mark}x`).join('\n')}\n`,
    )
    const [column] = catalog.columnas
    return {
      tipo: column?.tipo,
      formato: column?.formato,
      decimal: column?.decimal,
      miles: column?.miles,
      porque: column?.porque,
    }
  }

  it.each([
    [['1', '22', '-3'], 'entero'],
    [['1.0', '22.5', '3'], 'decimal'],
    [['00123', '00456'], 'texto'],
    [['0', '10'], 'entero'],
    [['0.5', '0.75'], 'decimal'],
    [['12345678901234567890', '12345678901234567891'], 'texto'],
    [['9223372036854775807', '1'], 'entero'],
    [['+51987654321', '+51912345678'], 'texto'],
    [['12E5', '13E7'], 'texto'],
    [['true', 'false'], 'booleano'],
    [['Sí', 'no'], 'booleano'],
    [['1', '0'], 'entero'],
    [['2024-01-31', '2024-02-29'], 'fecha'],
    [['2024-01-31 10:00:00', '2024-02-29T11:12:13'], 'fecha'],
    [['2024-01-31', '2024-02-30'], 'texto'],
    [['A1', '2'], 'texto'],
  ])('%j is %s', async (values, tipo) => {
    expect(await typeOf(values)).toMatchObject({ tipo, formato: null, decimal: null, miles: null })
  })

  it.each([
    [['31/01/2024', '01/02/2024'], '%d/%m/%Y'],
    [['01/31/2024', '02/28/2024'], '%m/%d/%Y'],
    [['31-01-2024', '01-02-2024'], '%d-%m-%Y'],
    [['20240131', '20240229'], '%Y%m%d'],
    [['31/01/24', '01/02/24'], '%d/%m/%y'],
    [['31/01/2024 08:30', '01/02/2024 23:59'], '%d/%m/%Y %H:%M'],
    [['2024/01/31', '2024/02/01'], '%Y/%m/%d'],
  ])('%j is a date as %s', async (values, formato) => {
    expect(await typeOf(values)).toMatchObject({ tipo: 'fecha', formato })
  })

  it('warns of days and months that could be swapped', async () => {
    expect((await typeOf(['01/02/2024', '03/04/2024'])).porque).toContain('podría ser mes/día')
  })

  it.each([
    [['1,5', '2,25'], { tipo: 'decimal', decimal: ',', miles: null }],
    [['1.234,50', '12,00'], { tipo: 'decimal', decimal: ',', miles: '.' }],
    [['1,234.50', '12.00'], { tipo: 'decimal', decimal: null, miles: ',' }],
    [['1,234,567', '12,000'], { tipo: 'entero', decimal: null, miles: ',' }],
    [['1.234.567', '12.000'], { tipo: 'entero', decimal: ',', miles: '.' }],
  ])('%j keeps its marks', async (values, wanted) => {
    expect(await typeOf(values)).toMatchObject(wanted)
  })

  it('judges every record, not the first ones, and says what the column nearly is', async () => {
    const far = await inferOne(`id,monto\n${lines(5000, (i) => `${i},${i === 4321 ? 'pendiente' : i}`)}`)
    const monto = far.columnas[1]
    expect(monto?.tipo).toBe('texto')
    expect(monto?.porque).toContain('números enteros')
    expect(monto?.porque).toContain('«pendiente»')
    const zero = await inferOne(`id,cod\n${lines(5000, (i) => `${i},${i === 4999 ? '007' : i + 1}`)}`)
    expect(zero.columnas[1]?.tipo).toBe('texto')
  })

  it('counts nulls, distinct values, the least and the greatest, and finds value sets', async () => {
    const { columnas, claves } = await inferOne(
      `id,estado,fecha,vacia\n${lines(100, (i) => `${i + 1},${['A', 'B'][i % 2]},${i % 4 === 0 ? '' : '2024-05-17'},`)}`,
    )
    expect(columnas[0]).toMatchObject({
      unico: true,
      sinRepetir: true,
      distintos: 100,
      minimo: '1',
      maximo: '100',
      nulos: 0,
    })
    expect(columnas[1]).toMatchObject({ valores: ['A', 'B'], obligatorio: true, unico: false })
    expect(columnas[2]).toMatchObject({ nulos: 0.25, obligatorio: false, minimo: '2024-05-17' })
    expect(columnas[3]).toMatchObject({ nulos: 1, tipo: 'texto' })
    expect(claves).toEqual([['id']])
  })

  it('finds a key of two columns where none is one alone', async () => {
    const { claves } = await inferOne(
      `factura,linea,monto\n${lines(40, (i) => `F${Math.floor(i / 4)},${(i % 4) + 1},1.5`)}`,
    )
    expect(claves).toEqual([['factura', 'linea']])
  })

  it('reads padded numbers with trim', async () => {
    const { columnas } = await inferOne(`id;monto\n${lines(10, (i) => `${i};   ${i}.50`)}`)
    expect(columnas[1]).toMatchObject({ tipo: 'decimal', recortar: true })
  })
})

describe('files', () => {
  it('relates the files of a ZIP, by name and by what they hold', async () => {
    const ventas = lines(60, (i) => (i === 0 ? 'factura;cliente;monto' : `F${i};C${(i % 5) + 1};${i}.10`))
    const clientes = lines(9, (i) => (i === 0 ? 'codigo_cliente;nombre' : `C${i};Cliente ${i}`))
    const muestra = await infer(
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
      path: await sample('otro.zip', broken),
      yaml,
      workRoot: join(root, 'w'),
    })
    expect(verdict.estado).toBe('Fallido')
    expect(findings.map((f) => [f.rule, f.record])).toContainEqual(['ventas.cliente está en clientes', 1])
  })

  it('keeps exact names when two files differ by their date only', async () => {
    const one = 'id,v\n1,a\n'
    const muestra = await infer('z.zip', zipOf({ 'v_20240101.csv': one, 'v_20240102.csv': one }))
    expect(muestra.catalogos.map((c) => c.archivo)).toEqual(['v_20240101.csv', 'v_20240102.csv'])
  })

  it('reads gzip, JSON lines and Windows-1252, and works in its own folder only', async () => {
    const gz = await infer('ventas.csv.gz', gzipSync('id,monto\n1,2.5\n2,3.5\n'))
    expect(gz.catalogos[0]).toMatchObject({ origen: 'ventas.csv', formato: 'CSV', registros: 2 })
    const json = await infer('v.jsonl', '{"id":1,"n":"Ana"}\n{"id":2,"n":"Luz"}\n')
    expect(json.catalogos[0]).toMatchObject({ formato: 'JSONL', delimitador: null })
    const latin = await infer('l.csv', Buffer.from('id,año\n1,2024\n2,España\n', 'latin1'))
    expect(latin.catalogos[0]).toMatchObject({ codificacion: 'windows-1252' })
    expect(latin.catalogos[0]?.columnas[1]?.nombre).toBe('año')
    expect((await readdir(root)).sort()).toEqual(['l.csv', 'trabajo', 'v.jsonl', 'ventas.csv.gz'])
    expect(await readdir(join(root, 'trabajo'))).toEqual([])
  })

  it.each([
    ['vacio.csv', '', 'FILE_EMPTY'],
    ['foto.csv', '\u0089PNG\r\n', 'FILE_BINARY'],
    ['vacio.zip', zipOf({ 'carpeta/Thumbs.db': 'x' }), 'SAMPLE_EMPTY'],
  ])('says what is wrong with %s', async (name, content, code) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
    await expect(infer(name, bytes)).rejects.toMatchObject({ code })
    expect(await readdir(join(root, 'trabajo'))).toEqual([])
  })

  it('tells of records that do not fit and of a header without names', async () => {
    const ragged = await inferOne(`id,nombre,monto\n${lines(20, (i) => (i === 7 ? '1,2' : `${i},Ana,2`))}`)
    expect(ragged.avisos.join()).toContain('1 registro no tiene 3 columnas')
    const titled = await inferOne(`Reporte de ventas\nid;monto\n${lines(20, (i) => `${i};2`)}`)
    expect(titled.avisos.join()).toContain('si arriba del encabezado hay un título')
    const unnamed = await inferOne(`id,,monto\n${lines(20, (i) => `${i},Ana ${i},2.5`)}`)
    expect(unnamed.avisos.join()).toContain('La columna 2 no tiene nombre')
    expect(unnamed.columnas[1]?.nombre).toBe('COLUMNA_2')
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    stop.abort()
    const path = await sample('a.csv', 'id\n1\n')
    await expect(inferSample({ path, workRoot: join(root, 'w'), signal: stop.signal })).rejects.toMatchObject(
      { code: 'CANCELLED' },
    )
  })
})

describe('the YAML of a sample', () => {
  it('reads the shipped sample without an error', async () => {
    const zip = await readFile(join(__dirname, '../../../resources/samples/distribuidora/diario.zip'))
    const { muestra, diagnostics, verdict } = await roundTrip('diario.zip', zip)
    expect(diagnostics).toEqual([])
    expect(verdict.checks.filter((check) => check.severity === 'error')).toEqual([])
    expect(muestra.relaciones.length).toBeGreaterThan(0)
  })

  const cell = {
    entero: fc.integer({ min: -1_000_000, max: 1_000_000 }).map(String),
    decimal: fc.integer({ min: -99_999, max: 99_999 }).map((n) => (n / 100).toFixed(2)),
    coma: fc
      .integer({ min: 0, max: 9_999_999 })
      .map((n) => (n / 100).toLocaleString('de-DE', { minimumFractionDigits: 2 })),
    fecha: fc
      .integer({ min: 0, max: 20_000 })
      .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10)),
    latina: fc.integer({ min: 0, max: 20_000 }).map((n) => {
      const [y, m, d] = new Date(n * 86_400_000).toISOString().slice(0, 10).split('-')
      return `${d}/${m}/${y}`
    }),
    booleano: fc.constantFrom('true', 'false', 'Sí', 'no'),
    codigo: fc.integer({ min: 0, max: 99_999 }).map((n) => String(n).padStart(6, '0')),
    texto: fc.string({
      unit: fc.constantFrom('a', 'ñ', 'Z', '9', '"', "'", ',', ';', '|', '\n', ' ', '\\', '-', '=', '#', '{'),
      maxLength: 8,
    }),
    conjunto: fc.constantFrom("O'Higgins", 'A\\B', '"x"', 'no', '1'),
  }
  const kinds = fc.array(fc.constantFrom(...(Object.keys(cell) as (keyof typeof cell)[])), {
    minLength: 2,
    maxLength: 6,
  })
  const table = kinds.chain((chosen) =>
    fc.record({
      kinds: fc.constant(chosen),
      header: fc.boolean(),
      delimiter: fc.constantFrom(',', ';', '|', '\t'),
      empty: fc.double({ min: 0, max: 0.3, noNaN: true }),
      rows: fc.array(
        fc.tuple(...chosen.map((kind) => fc.tuple(cell[kind], fc.double({ min: 0, max: 1, noNaN: true })))),
        {
          minLength: 2,
          maxLength: 60,
        },
      ),
    }),
  )

  it('parses clean and takes its own sample, whatever the sample', async () => {
    let turn = 0
    await fc.assert(
      fc.asyncProperty(table, async ({ kinds: chosen, header, delimiter, empty, rows }) => {
        const quote = (text: string): string =>
          /["\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
        const body = rows.map((cells) =>
          cells.map(([text, dice]) => (dice < empty ? '' : quote(text))).join(delimiter),
        )
        const head = header ? [chosen.map((kind, i) => `${kind}_${i}`).join(delimiter)] : []
        const name = `s${turn++}.csv`
        const { muestra, diagnostics, verdict, yaml } = await roundTrip(
          name,
          `${[...head, ...body].join('\n')}\n`,
        )
        const problems = [
          ...diagnostics,
          ...verdict.fileErrors.filter(({ severity }) => severity === 'error'),
          ...verdict.checks.filter(({ severity }) => severity === 'error'),
        ]
        // What the proposal itself warned of is not a surprise.
        if (muestra.catalogos.some(({ avisos }) => avisos.length > 0)) return
        expect(problems, `${yaml}\n${JSON.stringify(muestra.catalogos[0]?.decision)}`).toEqual([])
      }),
      { numRuns: 15, seed: 20261125 },
    )
  })
})
