import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Duck, openDuck } from '../../duckdb'
import {
  type CsvPlan,
  csvRecordsSql,
  csvRelationSql,
  FAULT_KINDS,
  fileOfRecord,
  joinPlans,
  planCsv,
  prepareText,
  readRecords,
  recordLines,
  repairCsv,
} from '..'

let root: string
let duck: Duck
let turn = 0

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sage-csv-'))
  duck = await openDuck({ dir: root, threads: 2 })
})
afterAll(async () => {
  await duck.close()
  await rm(root, { recursive: true, force: true })
})

interface Options {
  delimiter?: string
  header?: boolean
  columns?: number
  encoding?: string
}

interface Read {
  plan: CsvPlan
  rows: (string | null)[][]
  faults: string[]
  lines: Record<string, number>
}

async function count(plan: CsvPlan): Promise<number> {
  const cells = Array.from({ length: plan.columns }, (_, i) => `count(k${i})`).join(', ')
  const [row] = await duck.rows(`SELECT count(*) AS n, ${cells} FROM ${csvRelationSql(plan)}`)
  return Number(row?.n)
}

/** The whole protocol, as the validator runs it. */
async function settle(content: string | Buffer, options: Options = {}): Promise<CsvPlan> {
  const dir = join(root, `f${turn++}`)
  await mkdir(dir)
  const raw = join(dir, 'datos.csv')
  await writeFile(raw, content)
  const delimiter = options.delimiter ?? ','
  const prepared = await prepareText(raw, {
    delimiter,
    ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
  })
  let plan = await planCsv({
    name: 'datos.csv',
    path: prepared.path,
    info: prepared.info,
    delimiter,
    header: options.header ?? true,
    columns: options.columns ?? 3,
  })
  for (;;) {
    if ((await count(plan)) === plan.records) return plan
    plan = await repairCsv(plan)
  }
}

async function read(content: string | Buffer, options: Options = {}): Promise<Read> {
  return await readPlan(await settle(content, options))
}

async function readPlan(plan: CsvPlan): Promise<Read> {
  const found = await duck.rows(`SELECT * FROM ${csvRecordsSql(plan)}`)
  const rows = found.map((row) => Object.values(row).map((cell) => (cell === null ? null : String(cell))))
  const faults: string[] = []
  for (let i = 0; i < (plan.faults?.count ?? 0); i++) {
    const { record, line, kind, cells } = plan.faults ?? { record: [], line: [], kind: [], cells: [] }
    faults.push(`${FAULT_KINDS[kind[i] ?? 0]} r${record[i]} l${line[i]} c${cells[i]}`)
  }
  const all = Array.from({ length: plan.total }, (_, i) => i + 1)
  return { plan, rows, faults, lines: Object.fromEntries(await recordLines(plan, all)) }
}

describe('records that fit', () => {
  it('keeps text exact and only empty cells null', async () => {
    const { rows, faults } = await read('a,b,c\n00123, x ,NA\n,"",NULL\n"dice ""hola""","x,y",\n')
    expect(rows).toEqual([
      ['1', '00123', ' x ', 'NA'],
      ['2', null, null, 'NULL'],
      ['3', 'dice "hola"', 'x,y', null],
    ])
    expect(faults).toEqual([])
  })

  it.each([
    ['\t', 'a\tb\tc\n1\t 2 \t3\n'],
    ['\u0001', 'a\u0001b\u0001c\n1\u0001 2 \u00013\n'],
    ['|', 'a|b|c\n1| 2 |3\n'],
    ['¦', 'a¦b¦c\n1¦ 2 ¦3\n'],
    ['€', 'a€b€c\n1€ 2 €3\n'],
    ['😀', 'a😀b😀c\n1😀 2 😀3\n'],
    ['"', 'a"b"c\n1" 2 "3\n'],
    ["'", "a'b'c\n1' 2 '3\n"],
    ['\\', 'a\\b\\c\n1\\ 2 \\3\n'],
  ])('delimiter %j', async (delimiter, content) => {
    expect((await read(content, { delimiter })).rows).toEqual([['1', '1', ' 2 ', '3']])
  })

  it.each(['', 'ab', '\n'])('refuses delimiter %j', async (delimiter) => {
    await expect(read('a\n', { delimiter })).rejects.toMatchObject({ code: 'CSV_DELIMITER_INVALID' })
  })

  it.each([
    ['LF', 'a,b,c\n1,2,3\n4,5,6\n'],
    ['LF without the last', 'a,b,c\n1,2,3\n4,5,6'],
    ['CRLF', 'a,b,c\r\n1,2,3\r\n4,5,6\r\n'],
    ['CR', 'a,b,c\r1,2,3\r4,5,6\r'],
    ['mixed', 'a,b,c\r\n1,2,3\n4,5,6\r'],
    ['BOM', '\ufeffa,b,c\n1,2,3\n4,5,6\n'],
    ['BOM and quotes', '\ufeff"a",b,c\n"1",2,3\n4,5,6\n'],
    ['blank lines', '\n\na,b,c\n1,2,3\n\n\n4,5,6\n\n'],
    ['blank CRLF lines', '\r\na,b,c\r\n1,2,3\r\n\r\n4,5,6\r\n\r\n'],
  ])('line breaks: %s', async (_name, content) => {
    expect((await read(content)).rows).toEqual([
      ['1', '1', '2', '3'],
      ['2', '4', '5', '6'],
    ])
  })

  it('keeps line breaks inside quotes as they are, whatever ends the records', async () => {
    const crlf = await read('a,b,c\r\n1,"x\ny",3\r\n4,"x\r\ny",6\r\n')
    expect(crlf.plan.path).toBe(crlf.plan.source)
    expect(crlf.rows).toEqual([
      ['1', '1', 'x\ny', '3'],
      ['2', '4', 'x\r\ny', '6'],
    ])
    const mixed = await read('a,b,c\n1,"x\r\ny",3\r\n4,"x\ry",6\n')
    expect(mixed.plan.numbered).toBe(true)
    expect(mixed.rows).toEqual([
      ['1', '1', 'x\r\ny', '3'],
      ['2', '4', 'x\ry', '6'],
    ])
    expect(mixed.lines).toEqual({ 1: 2, 2: 4 })
  })

  it('one column: an empty line is a record with an empty cell', async () => {
    expect((await read('\na\n1\n\n"x\ny"\n\n', { columns: 1 })).rows).toEqual([
      ['1', '1'],
      ['2', null],
      ['3', 'x\ny'],
      ['4', null],
    ])
    const bare = await read('\na\n', { columns: 1, header: false })
    expect(bare.rows).toEqual([
      ['1', null],
      ['2', 'a'],
    ])
    expect(bare.lines).toEqual({ 1: 1, 2: 2 })
  })

  it('header only has no records; no header means every line is one', async () => {
    expect((await read('a,b,c\n')).rows).toEqual([])
    expect((await read('a,b,c')).rows).toEqual([])
    expect((await read('a,b,c', { header: false })).rows).toEqual([['1', 'a', 'b', 'c']])
    expect((await read('x', { header: false, columns: 1 })).rows).toEqual([['1', 'x']])
  })

  it('reads a cell of 10 MB and refuses a record past 16 MB', async () => {
    const cell = 'x'.repeat(10 * 1024 * 1024)
    const { rows } = await read(`a,b,c\n1,${cell},3\n4,"${cell}",6\n7,8,9\n`)
    expect(rows.map((row) => row[2]?.length)).toEqual([cell.length, cell.length, 1])
    const long = await read(`a,b,c\n1,${cell}${cell},3\n4,5,6\n`)
    expect(long.faults).toEqual(['long r1 l2 c0'])
    expect(long.rows).toEqual([['2', '4', '5', '6']])
  })

  it('reads 2,000 columns', async () => {
    const line = Array.from({ length: 2000 }, (_, i) => String(i)).join(',')
    const { rows } = await read(`${line}\n${line}\n${line}\n`, { columns: 2000 })
    expect(rows).toHaveLength(2)
    expect(rows[1]?.[2000]).toBe('1999')
  })
})

describe('records that do not fit', () => {
  it('names few and many, with record and line, and keeps the numbers of the rest', async () => {
    const { rows, faults, lines, plan } = await read(
      'a,b,c\n1,2,3\n\n4,5\n6,7,8\n9,10,11,12\n13,14,15\n1,2,3,,\n',
    )
    expect(plan.path).toBe(plan.source)
    expect(faults).toEqual(['few r2 l4 c2', 'many r4 l6 c4'])
    expect(rows.map((row) => row[0])).toEqual(['1', '3', '5', '6'])
    expect(lines).toEqual({ 1: 2, 2: 4, 3: 5, 4: 6, 5: 7, 6: 8 })
  })

  it('many ragged records: a numbered copy', async () => {
    const body = Array.from({ length: 2000 }, (_, i) =>
      i % 3 === 0 ? `${i + 1},x\n` : `${i + 1},"a\nb",z\n`,
    ).join('')
    const { rows, faults, plan } = await read(`a,b,c\n${body}`)
    expect(plan.numbered).toBe(true)
    expect(faults).toHaveLength(667)
    expect(rows).toHaveLength(1333)
    for (const row of rows) expect(row[0]).toBe(row[1])
  })

  it('an unclosed quote names the line where it opens and swallows nothing', async () => {
    const toEnd = await read('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,11,12\n')
    expect(toEnd.faults).toEqual(['unclosed r2 l3 c2'])
    expect(toEnd.rows.map((row) => row[0])).toEqual(['1', '3', '4'])
    expect(toEnd.lines).toEqual({ 1: 2, 2: 3, 3: 4, 4: 5 })
    const toNext = await read('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,"11",12\n"x\ny",1,2\n')
    expect(toNext.faults).toEqual(['unclosed r2 l3 c2'])
    expect(toNext.rows.map((row) => row[0])).toEqual(['1', '3', '4', '5'])
    const later = await read('a,b,c\n"1\n1",2,"3\n4,5,6\n7,8,"9"\n')
    expect(later.faults).toEqual(['unclosed r1 l3 c3'])
    expect(later.rows.map((row) => row[0])).toEqual(['2', '3'])
  })

  it('an unclosed quote in a file of several of DuckDB’s blocks loses no record', async () => {
    const body = `7,${'y'.repeat(60)},z\n`.repeat(400_000)
    const plan = await settle(`a,b,c\n1,2,3\n4,"5,6\n${body}`)
    expect(plan.faults?.count).toBe(1)
    expect(plan.records).toBe(400_001)
  })

  it('text after a closing quote is one bad record; a quote inside plain text is text', async () => {
    const { rows, faults } = await read('a,b,c\n1,a"b,3\n4,"x"y,6\n7,8,9\n')
    expect(faults).toEqual(['quote r2 l3 c2'])
    expect(rows).toEqual([
      ['1', '1', 'a"b', '3'],
      ['3', '7', '8', '9'],
    ])
  })

  it('a file UTF-8 only in part: the bad records are faults, the first line is named', async () => {
    const content = Buffer.concat([
      Buffer.from('a,b,c\n1,ñandú,3\n2,ñ,3\n3,'),
      Buffer.from([0xf1]),
      Buffer.from(',3\n4,é,3\n'),
    ])
    const { rows, faults, plan } = await read(content)
    expect(plan.info.firstBadUtf8Line).toBe(4)
    expect(faults).toEqual(['encoding r3 l4 c3'])
    expect(rows.map((row) => row[0])).toEqual(['1', '2', '4'])
  })

  it('refuses what is no CSV', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'FILE_EMPTY' })
    await expect(read('\n\n')).rejects.toMatchObject({ code: 'FILE_EMPTY' })
    await expect(read('a,b,c\n1,2\0,3\n')).rejects.toMatchObject({ code: 'CSV_NUL' })
    await expect(read('"a,b,c\n1,2,3\n')).rejects.toMatchObject({ code: 'CSV_HEADER_QUOTE' })
  })

  it('gives refused records as received', async () => {
    const { plan } = await read('a,b,c\n1,"x\ny",3\n4,"5,6\n7,8\n')
    expect(await readRecords(plan, 1, 3)).toEqual([
      { record: 1, line: 2, raw: '1,"x\ny",3', cells: ['1', 'x\ny', '3'] },
      { record: 2, line: 4, raw: '4,"5,6', cells: ['4', '5,6'] },
      { record: 3, line: 5, raw: '7,8', cells: ['7', '8'] },
    ])
  })
})

describe('several files as one', () => {
  async function planOf(name: string, content: string | Buffer, delimiter = ','): Promise<CsvPlan> {
    const path = join(root, `p${turn++}.csv`)
    await writeFile(path, content)
    const { path: text, info } = await prepareText(path, { delimiter })
    return await planCsv({ name, path: text, info, delimiter, header: true, columns: 3 })
  }

  async function settleJoined(plans: CsvPlan[]): Promise<CsvPlan> {
    let plan = joinPlans(plans)
    while ((await count(plan)) !== plan.records) plan = await repairCsv(plan)
    return plan
  }

  it('numbers run through them, lines are each file’s own, whatever their dialect', async () => {
    const plan = await settleJoined([
      await planOf('ventas_1.csv', 'a,b,c\n1,"x\ny",3\n2,x,3\n'),
      await planOf('ventas_2.csv', Buffer.from('a;b;c\r\n3;\xf1;3\r\n', 'latin1'), ';'),
      await planOf('ventas_3.csv', 'a,b,c\n'),
      await planOf('ventas_4.csv', 'a,b,c\n4,x\n5,x,3\n'),
    ])
    const { rows, faults, lines } = await readPlan(plan)
    expect(rows.map((row) => row.join('/'))).toEqual(['1/1/x\ny/3', '2/2/x/3', '3/3/ñ/3', '5/5/x/3'])
    expect(faults).toEqual(['few r4 l2 c2'])
    expect(lines).toEqual({ 1: 2, 2: 4, 3: 2, 4: 2, 5: 3 })
    expect([1, 3, 4, 5].map((record) => fileOfRecord(plan, record).file)).toEqual([
      'ventas_1.csv',
      'ventas_2.csv',
      'ventas_4.csv',
      'ventas_4.csv',
    ])
    expect((await readRecords(plan, 2, 3)).map(({ record, line, raw }) => [record, line, raw])).toEqual([
      [2, 4, '2,x,3'],
      [3, 2, '3;ñ;3'],
    ])
  })

  it('one that had to be rewritten obliges all to carry their numbers', async () => {
    const plan = await settleJoined([
      await planOf('1.csv', 'a,b,c\n1,x,3\n2,x\n3,x,3\n'),
      await planOf('2.csv', 'a,b,c\n4,"x,3\n5,x,3\n6,x,3\n'),
    ])
    const { rows, faults } = await readPlan(plan)
    expect(plan.numbered).toBe(true)
    expect(rows.map((row) => `${row[0]}=${row[1]}`)).toEqual(['1=1', '3=3', '5=5', '6=6'])
    expect(faults).toEqual(['few r2 l3 c2', 'unclosed r4 l2 c2'])
  })
})

describe('encodings', () => {
  const text = 'a,b,c\n1,ñandú €,3\n'
  const cp1252 = Buffer.from('a,b,c\n1,\xf1and\xfa \x80,3\n', 'latin1')
  const swap = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16()
  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8-bom', Buffer.from(`\ufeff${text}`)],
    ['windows-1252', cp1252],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16be', swap(Buffer.from(`\ufeff${text}`, 'utf16le'))],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', swap(Buffer.from(text, 'utf16le'))],
  ])('%s', async (encoding, content) => {
    const { rows, plan } = await read(content)
    expect(plan.info.encoding).toBe(encoding)
    expect(rows).toEqual([['1', '1', 'ñandú €', '3']])
  })

  it('looks at the whole file, not its head', async () => {
    const content = Buffer.concat([Buffer.from(`a,b,c\n${'1,2,3\n'.repeat(400_000)}`), cp1252.subarray(6)])
    const plan = await settle(content)
    expect(plan.info).toMatchObject({ encoding: 'windows-1252', transcoded: true })
    expect(plan.records).toBe(400_001)
  })

  it('a damaged stretch does not turn a long UTF-8 file into Windows-1252', async () => {
    const good = Buffer.from('1,ñ,3\n'.repeat(500_000))
    const bad = Buffer.from('1,\xf1,3\n'.repeat(2000), 'latin1')
    const plan = await settle(Buffer.concat([Buffer.from('a,b,c\n'), good, bad, good]))
    expect(plan.info).toMatchObject({ encoding: 'utf-8', firstBadUtf8Line: 500_002 })
    expect(plan.faults?.count).toBe(2000)
  })

  it('does not split a character on the border of two chunks', async () => {
    for (let shift = 0; shift < 4; shift++) {
      const content = Buffer.from(`a,b,c\n1,${'x'.repeat(shift)}${'€ñ😀'.repeat(130_000)},3\n`)
      const plan = await settle(content)
      expect(plan.info).toMatchObject({ encoding: 'utf-8', firstBadUtf8Line: null })
    }
  })

  it('obeys the YAML', async () => {
    expect((await read(cp1252, { encoding: 'latin-1' })).rows[0]?.[2]).toBe('ñandú €')
    expect((await read(cp1252, { encoding: 'UTF_8' })).faults).toEqual(['encoding r1 l2 c3'])
    await expect(read(cp1252, { encoding: 'klingon' })).rejects.toMatchObject({
      code: 'ENCODING_UNSUPPORTED',
    })
  })
})

describe('any bytes', () => {
  /** Reads what the RFC says of well-formed text, one character at a time: nothing shared with the scanner. */
  function reference(text: string): string[][] {
    const rows: string[][] = []
    let row: string[] = []
    let cell = ''
    let quoted = false
    for (let i = 0; i < text.length; i++) {
      const c = text[i]
      if (quoted) {
        if (c === '"' && text[i + 1] === '"') {
          cell += '"'
          i++
        } else if (c === '"') quoted = false
        else cell += c
      } else if (c === '"' && cell === '') quoted = true
      else if (c === ',') {
        row.push(cell)
        cell = ''
      } else if (c === '\n') {
        rows.push([...row, cell])
        row = []
        cell = ''
      } else cell += c
    }
    return rows
  }

  it('well-formed files: every cell, record and line as the reference reads them', async () => {
    const cell = fc.stringMatching(/^[a-zñ0 "\n,;]{0,6}$/)
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), async (cells, quoteAll) => {
        const quote = (c: string): string =>
          quoteAll || /[",\n]|^ | $/.test(c) ? `"${c.replaceAll('"', '""')}"` : c
        const text = `${['x,y,z', ...cells.map((row) => row.map(quote).join(','))].join('\n')}\n`
        const expected = reference(text).slice(1)
        const { rows, faults, lines } = await read(text)
        const fits = (row: string[]): boolean => row.length >= 3 && row.slice(3).every((c) => c === '')
        const good = expected.flatMap((row, i) =>
          fits(row) ? [[String(i + 1), ...row.slice(0, 3).map((c) => (c === '' ? null : c))]] : [],
        )
        expect(rows).toEqual(good)
        expect(faults).toHaveLength(expected.length - good.length)
        let line = 2
        expected.forEach((row, i) => {
          expect(lines[i + 1]).toBe(line)
          line += row.join('').split('\n').length
        })
      }),
      { numRuns: 150, seed: 20261125 },
    )
  })

  it('hostile files: accepted and faulty records always add up, and nothing is read twice', async () => {
    const piece = fc.constantFrom('"', '"', ',', ',', '\n', '\n', '\r', '\r\n', 'a', ' ', 'ñ', '""', '1')
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        async (pieces, header) => {
          const text = (header ? 'x,y,z\n' : '') + pieces.join('')
          const { plan, rows, faults } = await read(text, { header }).catch((error: unknown) => {
            expect(error).toMatchObject({ kind: 'input' })
            return { plan: null, rows: [], faults: [] }
          })
          if (!plan) return
          expect(rows.length + faults.length).toBe(plan.total)
          const numbers = rows.map((row) => Number(row[0]))
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
          const raw = await readRecords(plan, 1, plan.total)
          for (const row of rows) {
            const cells = raw[Number(row[0]) - 1]?.cells ?? []
            expect(row.slice(1)).toEqual([0, 1, 2].map((i) => cells[i] || null))
          }
        },
      ),
      { numRuns: 300, seed: 20261125 },
    )
  })
})
