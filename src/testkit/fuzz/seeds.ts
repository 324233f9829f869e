import { GOOD_YAML, type RawEntry, rawZip } from '../hostile'
import { damageXml, mutate } from './mutate'
import type { Pick } from './random'

export interface FuzzSeed {
  /** Name of the input; its end says what it claims to be. */
  name: string
  yaml: string
  /** One damaged file. */
  make(pick: Pick): Buffer
}

const RULES = `
      - name: nombre
        type: texto
        validation_rules:
          - { name: corto, description: d, rule: "df['nombre'].str.len() < 40", severity: warning }
      - { name: saldo, type: decimal }
    row_validation:
      - { name: saldo del id, description: d, rule: "(df['saldo'] >= 0) | (df['id'] > 2)", severity: error }
    catalog_validation:
      - { name: uno por id, description: d, rule: "df['id'].nunique() == len(df)", severity: error }`

const yamlOf = (text: string): string =>
  text.replace('\n      - { name: nombre, type: texto }\n      - { name: saldo, type: decimal }', RULES)

const CSV_YAML = yamlOf(GOOD_YAML)
const TAB_YAML = CSV_YAML.replaceAll('delimiter: ","', 'delimiter: "\\t"').replaceAll(
  'header: true',
  'header: false',
)
const EXCEL_YAML = yamlOf(GOOD_YAML)
  .replaceAll('clientes.csv', 'clientes.xlsx')
  .replace('type: CSV, delimiter: ",", header: true }\n    fields', 'type: EXCEL, header: true }\n    fields')
  .replace('type: CSV, delimiter: ",", header: true }\n    catalogs', 'type: EXCEL }\n    catalogs')
const TWO_YAML = CSV_YAML.replace(
  'packages:\n',
  `  zonas:
    name: Zonas
    description: d
    filename: zonas.csv
    file_format: { type: CSV, delimiter: ";", header: true }
    fields:
      - { name: zona, type: texto, unique: true }
      - { name: abierta, type: fecha }
packages:
`,
).replace('type: ZIP }\n    catalogs: [clientes]', 'type: ZIP }\n    catalogs: [clientes, zonas]')

const CSV = Buffer.from(
  `id,nombre,saldo\n1,"Ñandú, ""x""",10.5\n2,"dos\nlíneas",\n3,a"b,-7\r\n4,x,y\n${'5,cinco,5.5\n6,"seis",1e3\n'.repeat(8)}`,
)
const TABS = Buffer.from('1\tuno\t1.5\n2\tdos\t\n\t"tres\t"\t3\n'.repeat(6))
const ZONES = Buffer.from('zona;abierta\nnorte;2024-01-31\nsur;2024-02-30\n"este;";\n')

const PARTS: Record<string, string> = {
  '[Content_Types].xml':
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
  '_rels/.rels':
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
  'xl/workbook.xml':
    '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hoja1" sheetId="1" r:id="rId1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
  'xl/styles.xml':
    '<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/></cellXfs></styleSheet>',
  'xl/sharedStrings.xml':
    '<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="5" uniqueCount="5"><si><t>id</t></si><si><t>nombre</t></si><si><t>saldo</t></si><si><t xml:space="preserve"> Ñandú &amp; "x", </t></si><si><r><t>dos</t></r><r><t>&#10;líneas</t></r></si></sst>',
  'xl/worksheets/sheet1.xml': `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:C9"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>3</v></c><c r="C2"><v>10.5</v></c></row><row r="3"><c r="A3"><v>2</v></c><c r="B3" t="s"><v>4</v></c><c r="C3" s="1"><v>45292</v></c></row><row r="5" hidden="1"><c r="A5" t="inlineStr"><is><t>003</t></is></c><c r="B5" t="str"><f>1+1</f><v>x</v></c><c r="C5" t="b"><v>1</v></c></row><row r="6"><c r="A6"><v>4</v></c><c r="C6" s="2"><v>0.25</v></c></row><row r="7"><c r="A7" t="e"><v>#REF!</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A6:B6"/></mergeCells></worksheet>`,
}

const part = (name: string, text: string | Buffer): RawEntry => ({ name, data: Buffer.from(text) })
const bookOf = (parts: Record<string, string | Buffer>): Buffer =>
  rawZip(Object.entries(parts).map(([name, text]) => part(name, text)))
const BOOK = bookOf(PARTS)

/** A whole ZIP whose XML is damaged: what the ZIP's own checks can't catch. */
function damagedBook(pick: Pick): Buffer {
  const names = Object.keys(PARTS).filter((name) => name.startsWith('xl/'))
  const parts: Record<string, string | Buffer> = { ...PARTS }
  for (let n = 1 + pick(3); n > 0; n--) {
    const name = pick(2) === 0 ? 'xl/worksheets/sheet1.xml' : (names[pick(names.length)] ?? 'xl/workbook.xml')
    parts[name] = damageXml(Buffer.from(parts[name] ?? ''), pick)
  }
  if (pick(12) === 0) delete parts[names[pick(names.length)] ?? '']
  return bookOf(parts)
}

const zipOf = (...entries: RawEntry[]): Buffer => rawZip(entries)
const named = (name: string, data: Buffer, more: Partial<RawEntry> = {}): RawEntry => ({
  name,
  data,
  ...more,
})

const ZIPS: readonly Buffer[] = [
  zipOf(named('clientes.csv', CSV), named('zonas.csv', ZONES)),
  zipOf(
    named('carpeta/clientes.csv', CSV, { flags: 0x808 }),
    named('carpeta/zonas.csv', ZONES, { method: 0 }),
  ),
  zipOf(named('clientes.csv', CSV, { zip64: true }), named('zonas.csv', ZONES), named('léame.txt', ZONES)),
]

const text = (name: string, yaml: string, bytes: Buffer): FuzzSeed => ({
  name,
  yaml,
  make: (pick) => mutate(bytes, 'text', pick),
})

export const SEEDS: readonly FuzzSeed[] = [
  text('clientes.csv', CSV_YAML, CSV),
  text('clientes.csv', CSV_YAML, Buffer.from(`\ufeff${CSV.toString('utf8')}`, 'utf16le')),
  text('clientes.csv', CSV_YAML, Buffer.from(CSV.toString('utf8'), 'latin1')),
  text('clientes.csv', TAB_YAML, TABS),
  ...ZIPS.map(
    (bytes): FuzzSeed => ({ name: 'envio.zip', yaml: TWO_YAML, make: (pick) => mutate(bytes, 'zip', pick) }),
  ),
  // A whole ZIP with damaged text: the damage reaches the readers of text by this door too.
  {
    name: 'envio.zip',
    yaml: TWO_YAML,
    make: (pick) =>
      zipOf(
        named('clientes.csv', mutate(CSV, 'text', pick)),
        named('zonas.csv', mutate(ZONES, 'text', pick)),
      ),
  },
  { name: 'clientes.xlsx', yaml: EXCEL_YAML, make: (pick) => mutate(BOOK, 'zip', pick) },
  { name: 'clientes.xlsx', yaml: EXCEL_YAML, make: damagedBook },
  {
    name: 'envio.zip',
    yaml: EXCEL_YAML,
    make: (pick) =>
      zipOf(named('clientes.xlsx', pick(2) === 0 ? damagedBook(pick) : mutate(BOOK, 'zip', pick))),
  },
]

/** The same files without damage: what a fuzzer must begin by seeing accepted. */
export const WHOLE: readonly { name: string; yaml: string; bytes: Buffer }[] = [
  { name: 'clientes.csv', yaml: CSV_YAML, bytes: CSV },
  { name: 'clientes.csv', yaml: TAB_YAML, bytes: TABS },
  ...ZIPS.map((bytes) => ({ name: 'envio.zip', yaml: TWO_YAML, bytes })),
  { name: 'clientes.xlsx', yaml: EXCEL_YAML, bytes: BOOK },
  { name: 'envio.zip', yaml: EXCEL_YAML, bytes: zipOf(named('clientes.xlsx', BOOK)) },
]
