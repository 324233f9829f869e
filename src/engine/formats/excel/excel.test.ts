import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RawEntry, rawZip } from '@testkit/hostile/zip-bytes'
import { type CellValue, writeXlsx, writeXlsxStream } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { convertExcel, type ExcelOptions, planCsv, readRecords, recordLines } from '..'

const fixtures = join(import.meta.dirname, 'fixtures')
let root: string
let turn = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sage-excel-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function save(bytes: Uint8Array, name = 'libro.xlsx'): Promise<string> {
  const dir = join(root, `x${turn++}`)
  await mkdir(dir)
  await writeFile(join(dir, name), bytes)
  return join(dir, name)
}

interface Got {
  text: string
  lines: number[]
  sheet: string | undefined
}

async function convert(path: string, opts: Partial<ExcelOptions> = {}): Promise<Got> {
  const table = await convertExcel(path, `${path}.csv`, { header: true, columns: 3, ...opts })
  return {
    text: await readFile(table.path, 'utf8'),
    lines: [...(table.rowLines ?? [])],
    sheet: table.sheet,
  }
}

/** The code of the refusal; a refused book leaves only itself. */
async function refusal(path: string, opts: Partial<ExcelOptions> = {}): Promise<string> {
  const code = await convert(path, opts).then(
    () => 'leído',
    (error: { code?: string }) => error.code ?? String(error),
  )
  expect((await readdir(join(path, '..'))).filter((name) => name.endsWith('.csv'))).toEqual([])
  return code
}

const book = (rows: CellValue[][], name = 'Hoja'): Promise<Uint8Array> =>
  writeXlsx({ sheets: [{ name, rows }] })

/** The least parts of a workbook, by hand: what no writer of ours would write. */
function parts(sheet: string, extra: RawEntry[] = [], state = ''): RawEntry[] {
  const text = (name: string, data: string): RawEntry => ({ name, data: Buffer.from(data) })
  const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const rels = 'http://schemas.openxmlformats.org/package/2006/relationships'
  return [
    text(
      '[Content_Types].xml',
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>',
    ),
    text(
      '_rels/.rels',
      `<Relationships xmlns="${rels}"><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    text(
      'xl/workbook.xml',
      `<workbook xmlns:r="${rel}"><sheets><sheet name="Datos &amp; m&#225;s" sheetId="1" ${state} r:id="rId1"/></sheets></workbook>`,
    ),
    text(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${rels}"><Relationship Id="rId1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    text('xl/worksheets/sheet1.xml', sheet),
    ...extra,
  ]
}
const sheetXml = (rows: string): string => `<worksheet><sheetData>${rows}</sheetData></worksheet>`

describe('xlsx', () => {
  it('keeps text, writes numbers in full, dates as ISO, booleans as words', async () => {
    const day = new Date(Date.UTC(2024, 0, 15))
    const moment = new Date(Date.UTC(2024, 11, 31, 13, 45, 30))
    const path = await save(
      await book([
        ['codigo', 'nombre', 'saldo', 'alta', 'activo'],
        ['00123', 'Ñandú "S.A."', 1234.5, day, true],
        ['NA', ' dos\nlíneas, ', -0.15, moment, false],
        ['1e5', '', 1e21, null, null],
      ]),
    )
    const { text, lines, sheet } = await convert(path)
    expect(sheet).toBe('Hoja')
    expect(text).toBe(
      'codigo,nombre,saldo,alta,activo\n' +
        '00123,"Ñandú ""S.A.""",1234.5,2024-01-15,true\n' +
        'NA," dos\nlíneas, ",-0.15,2024-12-31T13:45:30,false\n' +
        '1e5,,1000000000000000000000,,\n',
    )
    expect(lines).toEqual([2, 3, 4])
  })

  it('record is the data row, line the row of the sheet; empty rows count as neither', async () => {
    const path = await save(
      await book([[], ['a', 'b'], ['1', 'x\ny'], [], [null, null], ['2', 'z'], ['3', null], [], []]),
    )
    const table = await convertExcel(path, `${path}.csv`, { header: true, columns: 2 })
    const plan = await planCsv({ name: 'libro.xlsx', ...table, header: true, columns: 2 })
    expect(plan.total).toBe(3)
    expect([...(await recordLines(plan, [1, 2, 3]))]).toEqual([
      [1, 3],
      [2, 6],
      [3, 7],
    ])
    expect(await readRecords(plan, 3, 3)).toEqual([{ record: 3, line: 7, raw: '3,', cells: ['3', ''] }])
  })

  it('without header every row is data, filled to the width of the catalog; surplus cells stay in sight', async () => {
    const path = await save(await book([['1'], ['2', 'x', 'y'], ['3', 'x', 'y', 'z']]))
    const { text, lines } = await convert(path, { header: false })
    expect(text).toBe('1,,\n2,x,y\n3,x,y,z\n')
    expect(lines).toEqual([1, 2, 3])
  })

  it('takes the sheet by name, by name without case or accents, by number; the first visible one by default', async () => {
    const sheet = (name: string): { name: string; rows: CellValue[][] } => ({ name, rows: [['h'], [name]] })
    const path = await save(await writeXlsx({ sheets: [sheet('Uno'), sheet('Año 2'), sheet('Tres')] }))
    const second = async (wanted?: string | number): Promise<string | undefined> => {
      await rm(`${path}.csv`, { force: true })
      return (await convert(path, wanted === undefined ? {} : { sheet: wanted })).text.split('\n')[1]
    }
    expect(await second()).toBe('Uno')
    expect(await second('Año 2')).toBe('Año 2')
    expect(await second('ano 2')).toBe('Año 2')
    expect(await second(3)).toBe('Tres')
    await rm(`${path}.csv`)
    for (const wanted of ['Cuatro', 0, 4]) expect(await refusal(path, { sheet: wanted })).toBe('EXCEL_SHEET')
    await expect(convert(path, { sheet: 'X' })).rejects.toMatchObject({
      hint: expect.stringContaining('«Año 2»'),
    })
  })

  it('reads saved values of formulas, errors, inline strings, merged and hidden cells, and names with entities', async () => {
    const xml = sheetXml(
      '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><r><t>b</t></r><r><t>2</t></r></is></c></row>' +
        '<row r="2" hidden="1"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>"x"</f><v>texto</v></c></row>' +
        '<row r="5"><c r="A5" t="e"><v>#N/A</v></c><c r="B5" t="b"><v>1</v></c></row>',
    )
    const { text, lines, sheet } = await convert(await save(rawZip(parts(xml))), { columns: 2 })
    expect(sheet).toBe('Datos & más')
    expect(text).toBe('a,b2\n2,texto\n#N/A,true\n')
    expect(lines).toEqual([2, 5])
  })

  it('200,000 rows in bounded memory', async () => {
    async function* rows(): AsyncGenerator<CellValue[]> {
      yield ['id', 'nombre', 'valor', 'd']
      for (let i = 1; i <= 200_000; i++)
        yield [i, `nombre ${i} ñ`, i / 4, new Date(Date.UTC(2024, 0, 1 + (i % 300)))]
    }
    const chunks: Uint8Array[] = []
    for await (const chunk of writeXlsxStream(rows(), { name: 'Hoja' })) chunks.push(chunk)
    const path = await save(Buffer.concat(chunks))
    chunks.length = 0
    const seen: number[] = []
    const before = process.memoryUsage().rss
    let peak = before
    const table = await convertExcel(path, `${path}.csv`, {
      header: true,
      columns: 4,
      onProgress(done) {
        seen.push(done)
        peak = Math.max(peak, process.memoryUsage().rss)
      },
    })
    expect(table.info.newlines).toBe(200_001)
    expect(seen.length).toBeGreaterThan(10)
    expect(peak - before).toBeLessThan(400 * 1024 * 1024)
    const last = (await readFile(table.path, 'utf8')).trimEnd().split('\n').at(-1)
    expect(last).toBe('200000,nombre 200000 ñ,50000,2024-07-19')
  })
})

describe('books that can’t be read', () => {
  it('a password, by either container', async () => {
    const locked = await writeXlsx({
      sheets: [{ name: 'a', rows: [['a']] }],
      encryption: { password: 'secreto', spinCount: 10 },
    })
    expect(await refusal(await save(locked))).toBe('EXCEL_ENCRYPTED')
    expect(await refusal(await save(await readFile(join(fixtures, 'filepass.xls')), 'a.xls'))).toBe(
      'EXCEL_ENCRYPTED',
    )
  })

  it('damage, whatever its place', async () => {
    const whole = sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>')
    const cases: [RawEntry[], string][] = [
      [parts(whole.slice(0, -30)), 'EXCEL_CORRUPT'],
      [parts('<worksheet>'), 'EXCEL_CORRUPT'],
      [parts(sheetXml('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>')), 'EXCEL_CORRUPT'],
      [parts(whole).filter((part) => part.name !== 'xl/workbook.xml'), 'EXCEL_CORRUPT'],
      [parts(whole).filter((part) => part.name !== 'xl/worksheets/sheet1.xml'), 'EXCEL_CORRUPT'],
      [parts(whole, [{ name: 'xl/sharedStrings.xml', data: Buffer.from('<sst><si>') }]), 'EXCEL_CORRUPT'],
      [parts(sheetXml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')), 'EXCEL_CORRUPT'],
      [
        parts(sheetXml('<row r="1"><c r="A1" t="s"><v>0</v></c><c t="s" r="B1" s="1"><v>1</v></c></row>'), [
          { name: 'xl/sharedStrings.xml', data: Buffer.from('<sst><si><t>a</t></si></sst>') },
        ]),
        'EXCEL_CORRUPT',
      ],
      [parts(sheetXml('')), 'FILE_EMPTY'],
    ]
    for (const [entries, code] of cases) expect(await refusal(await save(rawZip(entries)))).toBe(code)
    const good = Buffer.from(await book([['a'], ['1']]))
    expect(await refusal(await save(good.subarray(0, good.length - 200)))).toMatch(
      /^(ZIP_TRUNCATED|EXCEL_CORRUPT)$/,
    )
    expect(await refusal(await save(Buffer.from('a,b\n1,2\n')))).toBe('EXCEL_NOT_A_BOOK')
    expect(await refusal(await save(Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'a.xls'))).toBe('EXCEL_CORRUPT')
  })

  it('a part that grows past what it declares, or past reason', async () => {
    const sst = { name: 'xl/sharedStrings.xml', data: Buffer.alloc(64 * 1024 * 1024, 32) }
    const whole = sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>')
    expect(await refusal(await save(rawZip(parts(whole, [sst]))))).toBe('ZIP_BOMB')
    const lying = { ...sst, says: { size: 1000 } }
    expect(await refusal(await save(rawZip(parts(whole, [lying]))))).toBe('ZIP_BOMB')
  })
})

describe('xls', () => {
  it('BIFF8', async () => {
    const path = await save(await readFile(join(fixtures, 'biff8.xls')), 'a.xls')
    const { text, lines, sheet } = await convert(path, { columns: 5 })
    expect(sheet).toBe('Clientes')
    expect(text).toBe(
      'codigo,nombre,saldo,alta,activo\n' +
        '00123,"Ñandú ""S.A.""",1234.5,2024-01-15,true\n' +
        '00124,"dos\nlíneas",-0.1,2024-12-31T13:45:30,false\n' +
        '00125,,12345678901234567000,,true\n',
    )
    expect(lines).toEqual([2, 3, 5])
    await rm(`${path}.csv`)
    expect((await convert(path, { sheet: 'año 2' })).text).toBe('otra\n1\n')
  })

  it('an older one says so', async () => {
    expect(await refusal(await save(await readFile(join(fixtures, 'biff5.xls')), 'a.xls'))).toBe(
      'EXCEL_VERSION',
    )
  })
})
