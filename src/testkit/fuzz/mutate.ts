import { choose, type Pick } from './random'

/** Damaged files stay small: what is looked for is a wrong path, not a long one. */
const MOST = 256 * 1024

const TOKENS: readonly Buffer[] = [
  '\0',
  '"',
  '""',
  '"""',
  ',',
  ';',
  '|',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\n\n\n',
  "'",
  '\\',
  '=cmd()',
  '1e999',
  '-0',
  '99999999999999999999',
  '0000-00-00',
  '9999999-12-31',
  'NaN',
  '😀',
  '\u2028',
  '\ufeff',
].map((text) => Buffer.from(text, 'utf8'))

const RAW: readonly Buffer[] = [
  'fffe',
  'feff',
  'efbbbf',
  '0000feff',
  'ff',
  'c3',
  '80',
  'eda080',
  '1a',
  '1f8b08',
].map((hex) => Buffer.from(hex, 'hex'))

/** A number that headers and lengths are asked to believe. */
const NUMBERS = [
  0, 1, 2, 0x7f, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
]

type Mutation = (bytes: Buffer, pick: Pick) => Buffer

const place = (bytes: Buffer, pick: Pick): number => pick(bytes.length + 1)

/** Two places in order. */
function span(bytes: Buffer, pick: Pick, most = 4096): [number, number] {
  const from = place(bytes, pick)
  return [from, Math.min(bytes.length, from + 1 + pick(most))]
}

const change = (bytes: Buffer, at: number, value: (old: number) => number): Buffer => {
  const out = Buffer.from(bytes)
  const old = out[at]
  if (old !== undefined) out[at] = value(old) & 0xff
  return out
}

const insert = (bytes: Buffer, at: number, more: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])

const flip: Mutation = (bytes, pick) => change(bytes, place(bytes, pick), (old) => old ^ (1 << pick(8)))
const put: Mutation = (bytes, pick) => change(bytes, place(bytes, pick), () => pick(256))
const truncate: Mutation = (bytes, pick) => Buffer.from(bytes.subarray(0, place(bytes, pick)))
const behead: Mutation = (bytes, pick) => Buffer.from(bytes.subarray(place(bytes, pick)))
const cut: Mutation = (bytes, pick) => {
  const [from, to] = span(bytes, pick, 64)
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
}
const splice: Mutation = (bytes, pick) => {
  const [from, to] = span(bytes, pick)
  return insert(bytes, place(bytes, pick), Buffer.from(bytes.subarray(from, to)))
}
const repeat: Mutation = (bytes, pick) => {
  const [from, to] = span(bytes, pick, 400)
  const block = bytes.subarray(from, to)
  return insert(bytes, to, Buffer.concat(Array.from({ length: 1 + pick(60) }, () => block)))
}
const swap: Mutation = (bytes, pick) => {
  const [a, b, c] = [place(bytes, pick), place(bytes, pick), place(bytes, pick)].sort((x, y) => x - y)
  return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b, c), bytes.subarray(a, b), bytes.subarray(c)])
}
const token: Mutation = (bytes, pick) => insert(bytes, place(bytes, pick), choose(TOKENS, pick))
const raw: Mutation = (bytes, pick) => insert(bytes, place(bytes, pick), choose(RAW, pick))
const mark: Mutation = (bytes, pick) => insert(bytes, 0, choose(RAW, pick))
const wipe: Mutation = (bytes, pick) => {
  const [from, to] = span(bytes, pick, 200)
  const out = Buffer.from(bytes)
  out.fill(choose([0, 0x20, 0x22, 0x2c, 0x0a, 0xff], pick), from, to)
  return out
}
const number: Mutation = (bytes, pick) => {
  const out = Buffer.from(bytes)
  const width = choose([2, 4, 8], pick)
  const at = place(bytes, pick)
  if (at + width > out.length) return out
  writeNumber(out, at, width, choose(NUMBERS, pick))
  return out
}

function writeNumber(out: Buffer, at: number, width: number, value: number): void {
  if (width === 2) out.writeUInt16LE(value & 0xffff, at)
  else if (width === 4) out.writeUInt32LE(value, at)
  else out.writeBigUInt64LE(BigInt(value) << BigInt(value % 31), at)
}

const BYTES: readonly Mutation[] = [
  flip,
  put,
  truncate,
  behead,
  cut,
  splice,
  repeat,
  swap,
  token,
  raw,
  mark,
  wipe,
]

/** Signature, and the fields after it as [offset, width]. */
const HEADERS: readonly { signature: number; fields: readonly [number, number][] }[] = [
  {
    signature: 0x04034b50,
    fields: [
      [4, 2],
      [6, 2],
      [8, 2],
      [14, 4],
      [18, 4],
      [22, 4],
      [26, 2],
      [28, 2],
    ],
  },
  {
    signature: 0x02014b50,
    fields: [
      [4, 2],
      [8, 2],
      [10, 2],
      [16, 4],
      [20, 4],
      [24, 4],
      [28, 2],
      [30, 2],
      [32, 2],
      [34, 2],
      [38, 4],
      [42, 4],
    ],
  },
  {
    signature: 0x06054b50,
    fields: [
      [4, 2],
      [8, 2],
      [10, 2],
      [12, 4],
      [16, 4],
      [20, 2],
    ],
  },
  {
    signature: 0x06064b50,
    fields: [
      [4, 8],
      [24, 8],
      [32, 8],
      [40, 8],
      [48, 8],
    ],
  },
  {
    signature: 0x07064b50,
    fields: [
      [4, 4],
      [8, 8],
      [16, 4],
    ],
  },
]

function headersOf(bytes: Buffer, signature: number): number[] {
  const mark = Buffer.alloc(4)
  mark.writeUInt32LE(signature)
  const found: number[] = []
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 4)) found.push(at)
  return found
}

/** One field of one header of a ZIP says something else. */
const header: Mutation = (bytes, pick) => {
  const { signature, fields } = choose(HEADERS, pick)
  const places = headersOf(bytes, signature)
  if (places.length === 0) return number(bytes, pick)
  const [offset, width] = choose(fields, pick)
  const at = choose(places, pick) + offset
  const out = Buffer.from(bytes)
  if (at + width > out.length) return out
  const near = width === 2 ? out.readUInt16LE(at) : out.readUInt32LE(at)
  const value = pick(3) === 0 ? Math.min(0xffffffff, Math.max(0, near + pick(9) - 4)) : choose(NUMBERS, pick)
  writeNumber(out, at, width, value)
  return out
}

const XML: readonly string[] = [
  '<',
  '>',
  '</row>',
  '<row r="999999999">',
  '<row>',
  '<c r="XFD1048576" t="s"><v>99999999</v></c>',
  '<c r="A0"><v>1</v></c>',
  '<c t="inlineStr"><is><t>x</t></is></c>',
  '<c r="ZZZZZZZZ9" t="b"><v>7</v></c>',
  '<v>-1</v>',
  '<mergeCell ref="A1:XFD1048576"/>',
  '<dimension ref="A1:XFD1048576"/>',
  '&#0;',
  '&#x10FFFF;',
  '&amp;',
  '&nada;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
  '<?xml version="1.0" encoding="UTF-16"?>',
  '</sheetData>',
  '</worksheet>',
  '<sheetData/>',
  ' t="e"',
  ' s="4294967295"',
  'x:',
]

/** XML that a spreadsheet program would not write. */
export const damageXml: Mutation = (bytes, pick) => {
  const text = bytes.toString('utf8')
  const marks = [...text.matchAll(/[<>"]/g)].map((match) => match.index)
  const at = marks.length > 0 ? choose(marks, pick) : 0
  const kind = pick(5)
  if (kind === 0) return Buffer.from(text.slice(0, at) + choose(XML, pick) + text.slice(at))
  if (kind === 1) return Buffer.from(text.replace(/<\/?[\w:]+[^>]*>/g, (tag) => (pick(12) === 0 ? '' : tag)))
  if (kind === 2) {
    return Buffer.from(
      text.replace(/\d+/g, (digits) => (pick(10) === 0 ? String(choose(NUMBERS, pick)) : digits)),
    )
  }
  if (kind === 3) return Buffer.from(text.slice(0, at))
  return choose(BYTES, pick)(bytes, pick)
}

/** Damages a file one to six times. */
export function mutate(bytes: Buffer, kind: 'text' | 'zip', pick: Pick): Buffer {
  let out = bytes
  for (let n = 1 + pick(6); n > 0; n--) {
    const step = kind === 'zip' && pick(3) > 0 ? header : choose([...BYTES, number], pick)
    out = step(out, pick)
    if (out.length > MOST) out = Buffer.from(out.subarray(0, MOST))
  }
  return out
}
