import { gzipSync } from 'node:zlib'
import { GOOD_CSV } from './good'
import type { HostileBytes } from './index'
import { type RawEntry, rawZip } from './zip-bytes'

const MIB = 1024 * 1024
const HEADER = 'id,nombre,saldo\n'

const csv = (
  name: string,
  kind: HostileBytes['kind'],
  expect: string | RegExp,
  bytes: Buffer | string,
): HostileBytes => ({
  name,
  kind,
  expect,
  file: { name: 'clientes.csv', bytes },
})

/** Bytes that look like nothing, the same on every run. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 20261125
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

export function csvInputs(): HostileBytes[] {
  return [
    csv('an empty file', 'refused', 'FILE_EMPTY', ''),
    csv('only line breaks', 'refused', 'FILE_EMPTY', '\n\r\n\n'),
    csv('one byte', 'refused', /COLUMNS|HEADER|DELIMITER/, 'x'),
    csv('NUL bytes in a cell', 'refused', 'CSV_NUL', `${HEADER}1,a\0b,3\n`),
    csv('nothing but NUL', 'refused', /CSV_NUL|BINARY/, Buffer.alloc(4096)),
    csv(
      'a PNG called .csv',
      'refused',
      /CSV_NUL|BINARY/,
      Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d', 'hex'), noise(5000)]),
    ),
    csv('noise called .csv', 'refused', /CSV_NUL|BINARY/, noise(64 * 1024)),
    csv('a header that opens a quote', 'refused', /CSV_HEADER_QUOTE|COLUMNS/, '"id,nombre,saldo\n1,a,2\n'),
    csv('another delimiter', 'refused', /DELIMITER/, 'id;nombre;saldo\n1;a;2\n2;b;3\n'),
    csv('two columns missing', 'refused', /COLUMNS/, 'id\n1\n2\n'),
    csv('a repeated header', 'refused', /HEADER_REPEATED/, 'id,id,nombre,saldo\n1,1,a,2\n'),
    csv('data where the header should be', 'refused', /HEADER/, '1,a,2\n2,b,3\n'),
    csv('an unclosed quote', 'findings', 'structure', `${HEADER}1,"a,2\n2,b,3\n3,c,4\n`),
    csv(
      'an unclosed quote before 5 MB',
      'findings',
      'structure',
      `${HEADER}1,"a,2\n${'2,b,3\n'.repeat(800_000)}`,
    ),
    csv('text after a closing quote', 'findings', 'structure', `${HEADER}1,"a"b,2\n2,b,3\n`),
    csv('ragged records', 'findings', 'structure', `${HEADER}1,a\n2,b,3,4\n3,c,4\n`),
    csv('every record ragged', 'findings', 'structure', `${HEADER}1,a,2\n${'1,a\n'.repeat(5000)}`),
    csv(
      'a cell of 10 MB where a number goes',
      'findings',
      'type:id',
      `${HEADER}${'9'.repeat(10 * MIB)},a,2\n2,b,3\n`,
    ),
    csv('a cell of 20 MB', 'findings', 'structure', `${HEADER}1,${'x'.repeat(20 * MIB)},2\n2,b,3\n`),
    csv('the wrong type in every cell', 'findings', 'type:id', `${HEADER}${'uno,2,tres\n'.repeat(2000)}`),
    csv(
      'UTF-8 with damaged bytes',
      'findings',
      'structure',
      Buffer.concat([
        Buffer.from(`${HEADER}1,ñ,2\n2,é,3\n3,`),
        Buffer.from([0xff, 0xfe]),
        Buffer.from(',4\n4,ü,5\n'),
      ]),
    ),
    csv('every kind of line break', 'findings', 'type:id', `${HEADER}x,a,2\r\n2,b,3\r3,"c\r\nc",4\n`),
  ]
}

const zip = (
  name: string,
  expect: string | RegExp,
  entries: RawEntry[],
  says: { count?: number } = {},
): HostileBytes => ({
  name,
  kind: 'refused',
  expect,
  file: { name: 'envio.zip', bytes: rawZip(entries, says) },
})

const named = (name: string, data: string | Buffer, more: Partial<RawEntry> = {}): RawEntry => ({
  name,
  data: Buffer.from(data),
  ...more,
})

export function zipInputs(): HostileBytes[] {
  const good = named('clientes.csv', GOOD_CSV)
  const whole = rawZip([good])
  const inner = rawZip([good])
  return [
    zip('a bomb of 200 MB', 'ZIP_BOMB', [named('clientes.csv', Buffer.alloc(200 * MIB, 49))]),
    zip('an entry that says less than it is', 'ZIP_BOMB', [
      named('clientes.csv', Buffer.alloc(8 * MIB, 49), { says: { size: 100 } }),
    ]),
    zip('an entry of a petabyte', 'ZIP_TOO_BIG', [
      named('clientes.csv', 'x', { zip64: true, says: { size: 2 ** 50 } }),
    ]),
    zip(
      '20,000 entries',
      'ZIP_TOO_MANY',
      Array.from({ length: 20_000 }, (_, i) => named(`${i}.csv`, '', { method: 0 })),
    ),
    zip('entries on top of each other', 'ZIP_BOMB', [
      named('clientes.csv', 'x'.repeat(900), { method: 0 }),
      named('b.csv', 'x', { offset: 0, says: { packed: 5000, size: 5000 } }),
    ]),
    zip('a name that climbs out', 'ZIP_PATH', [named('../../../../tmp/clientes.csv', GOOD_CSV)]),
    zip('a name that climbs out with backslashes', 'ZIP_PATH', [named('..\\clientes.csv', GOOD_CSV)]),
    zip('an absolute name', 'ZIP_PATH', [named('/tmp/clientes.csv', GOOD_CSV)]),
    zip('a password', 'ZIP_ENCRYPTED', [named('clientes.csv', GOOD_CSV, { flags: 0x801 })]),
    zip('the same name twice', 'ZIP_DUPLICATE', [good, good]),
    zip('a ZIP inside', /ZIP_NESTED|MISSING|FALT/i, [named('interior.zip', inner)]),
    zip('a ZIP called .csv inside', 'ZIP_NESTED', [named('clientes.csv', inner)]),
    zip('a bad checksum', 'ZIP_CORRUPT', [named('clientes.csv', GOOD_CSV, { says: { crc: 7 } })]),
    zip('a compression nobody knows', 'ZIP_METHOD', [named('clientes.csv', GOOD_CSV, { method: 99 })]),
    zip('an empty ZIP', /FALT|MISSING/i, []),
    {
      name: 'a ZIP cut short',
      kind: 'refused',
      expect: 'ZIP_TRUNCATED',
      file: { name: 'envio.zip', bytes: whole.subarray(0, -20) },
    },
    {
      name: 'a ZIP of noise',
      kind: 'refused',
      expect: 'ZIP_TRUNCATED',
      file: { name: 'envio.zip', bytes: Buffer.concat([Buffer.from('PK\x03\x04'), noise(3000)]) },
    },
    {
      name: 'a 7z',
      kind: 'refused',
      expect: /7Z|UNSUPPORTED/,
      file: { name: 'envio.7z', bytes: Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), noise(100)]) },
    },
    {
      name: 'a gzip cut short',
      kind: 'refused',
      expect: 'GZIP_TRUNCATED',
      file: { name: 'clientes.csv.gz', bytes: gzipSync(GOOD_CSV.repeat(99)).subarray(0, -12) },
    },
  ]
}
