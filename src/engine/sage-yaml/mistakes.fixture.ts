/** A mistake: the YAML with `⟦` where the diagnostic must point, and what it must say. */
export interface Case {
  title: string
  yaml: string
  code: string
  path: string
  severity?: 'warning'
  hint?: string
  /** Codes that come with it; none by default. */
  also?: string[]
}

export const MARK = '⟦'

const HEAD = `sage_yaml: { name: N, description: D, version: 1.0, author: A }
catalogs:
`
const TAIL = `packages:
  diario: { name: P, description: D, file_format: { type: ZIP }, catalogs: [ventas] }
`
const FORMAT = `file_format: { type: CSV, delimiter: "|" }`

/** A whole YAML around what is tested. */
const catalog = (body: string, tail = TAIL): string =>
  `${HEAD}  ⟦ventas:
    name: V
    description: D
    filename: ventas.csv
${body}${tail}`.replace(body.includes(MARK) || tail.includes(MARK) ? /⟦(?=ventas:)/ : /(?!)/, '')

const fields = (list: string, tail?: string): string => catalog(`    ${FORMAT}\n    fields:\n${list}`, tail)
const field = (inner: string): string => fields(`      - { name: a, ${inner} }\n`)
const format = (inner: string): string =>
  catalog(`    file_format: { ${inner} }\n    fields: [{ name: a, type: texto }]\n`)
const rule = (inner: string): string =>
  fields(`      - name: a\n        type: texto\n        validation_rules:\n${inner}`)
const transform = (inner: string): string =>
  catalog(
    `    ${FORMAT}\n    fields: [{ name: a, type: texto }, { name: monto, type: decimal }]\n    transformations:\n${inner}`,
  )
const packages = (body: string): string => fields('      - { name: a, type: texto }\n', `packages:\n${body}`)
const two = (second: string, pack: string): string =>
  fields(
    `      - { name: a, type: texto }\n  stock:\n    name: S\n    description: D\n${second}    ${FORMAT}\n    fields: [{ name: a, type: texto }]\n`,
    `packages:\n  diario: ${pack}\n`,
  )

const OK_FIELD = '      - { name: a, type: texto }\n'
const V = 'catalogs.ventas'

export const CASES: Case[] = [
  // Sections and their kinds
  {
    title: 'no sage_yaml',
    yaml: `${MARK}catalogs:\n${fields(OK_FIELD).replace(HEAD, '')}`.replace('  ⟦ventas', '  ventas'),
    code: 'MISSING_SECTION',
    path: 'sage_yaml',
  },
  {
    title: 'no packages',
    yaml: `${MARK}${fields(OK_FIELD, '')}`.replace('  ⟦ventas', '  ventas'),
    code: 'MISSING_SECTION',
    path: 'packages',
  },
  {
    title: 'no catalogs',
    yaml: `${MARK}${HEAD.replace('catalogs:\n', '')}packages:\n  p: { name: P, description: D, file_format: { type: ZIP }, catalogs: [a] }\n`,
    code: 'MISSING_SECTION',
    path: 'catalogs',
    also: ['UNKNOWN_CATALOG'],
  },
  {
    title: 'sage_yaml is a text',
    yaml: fields(OK_FIELD)
      .replace(/^sage_yaml: .*$/m, 'sage_yaml: ⟦hola')
      .replace('  ⟦ventas', '  ventas'),
    code: 'WRONG_KIND',
    path: 'sage_yaml',
  },
  {
    title: 'catalogs is a list',
    yaml: `${HEAD.trimEnd()}\n  ${MARK}- ventas\n${TAIL}`,
    code: 'WRONG_KIND',
    path: 'catalogs',
    also: ['UNKNOWN_CATALOG'],
  },
  {
    title: 'catalogs is empty',
    yaml: `${HEAD.replace('catalogs:', `${MARK}catalogs:`).trimEnd()} {}\n${TAIL}`
      .replace('⟦catalogs: {}', 'catalogs: ⟦{}')
      .replace('catalogs: ⟦{}', '⟦catalogs: {}'),
    code: 'EMPTY_CATALOGS',
    path: 'catalogs',
    also: ['UNKNOWN_CATALOG'],
  },
  {
    title: 'packages is null',
    yaml: fields(OK_FIELD, `${MARK}packages:\n`),
    code: 'WRONG_KIND',
    path: 'packages',
  },
  {
    title: 'packages is empty',
    yaml: fields(OK_FIELD, `${MARK}packages: {}\n`),
    code: 'EMPTY_PACKAGES',
    path: 'packages',
  },
  { title: 'root is a list', yaml: `${MARK}- a\n- b\n`, code: 'WRONG_KIND', path: '' },
  { title: 'root is a text', yaml: `${MARK}hola\n`, code: 'WRONG_KIND', path: '' },
  { title: 'empty file', yaml: `${MARK}`, code: 'EMPTY_FILE', path: '' },
  { title: 'only comments', yaml: `${MARK}# nada\n`, code: 'EMPTY_FILE', path: '' },
  {
    title: 'unknown root key',
    yaml: `${MARK}catalog: 1\n${fields(OK_FIELD)}`.replace('  ⟦ventas', '  ventas'),
    code: 'UNKNOWN_KEY',
    path: 'catalog',
    severity: 'warning',
  },
  {
    title: 'no version',
    yaml: fields(OK_FIELD)
      .replace('  ⟦ventas', '  ventas')
      .replace(' version: 1.0,', '')
      .replace('sage_yaml:', `${MARK}sage_yaml:`),
    code: 'MISSING_KEY',
    path: 'sage_yaml.version',
  },
  {
    title: 'unknown key in sage_yaml',
    yaml: fields(OK_FIELD)
      .replace('  ⟦ventas', '  ventas')
      .replace('author: A', `author: A, ${MARK}coments: x`),
    code: 'UNKNOWN_KEY',
    path: 'sage_yaml.coments',
    severity: 'warning',
    hint: 'comments',
  },
  {
    title: 'author is a list',
    yaml: fields(OK_FIELD).replace('  ⟦ventas', '  ventas').replace('author: A', `author: ${MARK}[A, B]`),
    code: 'WRONG_KIND',
    path: 'sage_yaml.author',
  },
  {
    title: 'empty description warns',
    yaml: fields(OK_FIELD)
      .replace('  ⟦ventas', '  ventas')
      .replace('description: D, version', `${MARK}description: , version`),
    code: 'EMPTY_VALUE',
    path: 'sage_yaml.description',
    severity: 'warning',
  },
  // Catalogs
  { title: 'no fields', yaml: catalog(`    ${FORMAT}\n`), code: 'MISSING_KEY', path: `${V}.fields` },
  {
    title: 'fields misspelt',
    yaml: catalog(`    ${FORMAT}\n    fieldz: []\n`),
    code: 'MISSING_KEY',
    path: `${V}.fields`,
    hint: 'fieldz',
    also: ['UNKNOWN_KEY'],
  },
  {
    title: 'no file_format',
    yaml: catalog('    fields: [{ name: a, type: texto }]\n'),
    code: 'MISSING_KEY',
    path: `${V}.file_format`,
  },
  {
    title: 'no filename',
    yaml: fields(OK_FIELD).replace('    filename: ventas.csv\n', ''),
    code: 'MISSING_KEY',
    path: `${V}.filename`,
  },
  {
    title: 'empty filename',
    yaml: fields(OK_FIELD)
      .replace('  ⟦ventas', '  ventas')
      .replace('filename: ventas.csv', `filename: ${MARK}""`),
    code: 'EMPTY_VALUE',
    path: `${V}.filename`,
  },
  {
    title: 'filename that escapes',
    yaml: fields(OK_FIELD)
      .replace('  ⟦ventas', '  ventas')
      .replace('filename: ventas.csv', `filename: ${MARK}../ventas.csv`),
    code: 'FILENAME',
    path: `${V}.filename`,
  },
  { title: 'catalog is a text', yaml: `${HEAD}  ventas: ${MARK}hola\n${TAIL}`, code: 'WRONG_KIND', path: V },
  { title: 'catalog is null', yaml: `${HEAD}  ${MARK}ventas:\n${TAIL}`, code: 'WRONG_KIND', path: V },
  {
    title: 'unknown catalog key',
    yaml: catalog(`    ${FORMAT}\n    fields: [{ name: a, type: texto }]\n    ${MARK}row_validations: []\n`),
    code: 'UNKNOWN_KEY',
    path: `${V}.row_validations`,
    severity: 'warning',
    hint: 'row_validation',
  },
  {
    title: 'delimiter outside file_format',
    yaml: catalog(`    ${FORMAT}\n    fields: [{ name: a, type: texto }]\n    ${MARK}delimiter: "|"\n`),
    code: 'UNKNOWN_KEY',
    path: `${V}.delimiter`,
    severity: 'warning',
    hint: 'file_format',
  },
  {
    title: 'row_validation is a map',
    yaml: catalog(
      `    ${FORMAT}\n    fields: [{ name: a, type: texto }]\n    row_validation: ${MARK}{ name: x }\n`,
    ),
    code: 'WRONG_KIND',
    path: `${V}.row_validation`,
  },
  {
    title: 'repeated catalog',
    yaml: `${fields(OK_FIELD, '').replace('⟦', '')}  ${MARK}ventas:\n    name: V\n${TAIL}`,
    code: 'DUPLICATE_KEY',
    path: V,
    hint: 'nunca se mezclan',
  },
  {
    title: 'unused catalog',
    yaml: two(
      `    filename: s.csv\n`,
      '{ name: P, description: D, file_format: { type: ZIP }, catalogs: [ventas] }',
    )
      .replace('⟦', '')
      .replace('  stock:', `  ${MARK}stock:`),
    code: 'UNUSED_CATALOG',
    path: 'catalogs.stock',
    severity: 'warning',
  },
  // Formats
  {
    title: 'no type',
    yaml: format('delimiter: "|"').replace('⟦', '').replace('file_format: { d', `${MARK}file_format: { d`),
    code: 'MISSING_KEY',
    path: `${V}.file_format.type`,
  },
  {
    title: 'lower-case type',
    yaml: format(`type: ${MARK}csv, delimiter: "|"`),
    code: 'FORMAT_TYPE',
    path: `${V}.file_format.type`,
    hint: '¿quisiste decir `CSV`?',
  },
  {
    title: 'ZIP in a catalog',
    yaml: format(`type: ${MARK}ZIP`),
    code: 'CATALOG_ZIP',
    path: `${V}.file_format.type`,
  },
  {
    title: 'CSV without delimiter',
    yaml: format('type: CSV')
      .replace('⟦', '')
      .replace('file_format: { type: CSV', `${MARK}file_format: { type: CSV`),
    code: 'MISSING_KEY',
    path: `${V}.file_format.delimiter`,
  },
  {
    title: 'long delimiter',
    yaml: format(`type: CSV, delimiter: ${MARK}"||"`),
    code: 'DELIMITER',
    path: `${V}.file_format.delimiter`,
  },
  {
    title: 'empty delimiter',
    yaml: format(`type: CSV, delimiter: ${MARK}""`),
    code: 'DELIMITER',
    path: `${V}.file_format.delimiter`,
  },
  {
    title: 'quote as delimiter',
    yaml: format(`type: CSV, delimiter: ${MARK}'"'`),
    code: 'DELIMITER',
    path: `${V}.file_format.delimiter`,
  },
  {
    title: 'header not boolean',
    yaml: format(`type: CSV, delimiter: ",", header: ${MARK}ture`),
    code: 'NOT_BOOLEAN',
    path: `${V}.file_format.header`,
    hint: '¿quisiste decir `true`?',
  },
  {
    title: 'file_format is a text',
    yaml: catalog(`    file_format: ${MARK}CSV\n    fields: [{ name: a, type: texto }]\n`),
    code: 'WRONG_KIND',
    path: `${V}.file_format`,
  },
  {
    title: 'unknown encoding warns',
    yaml: format(`type: CSV, delimiter: ",", encoding: ${MARK}windows-1251`),
    code: 'ENCODING',
    path: `${V}.file_format.encoding`,
    severity: 'warning',
    hint: 'windows-1252',
  },
  {
    title: 'null_values is a map',
    yaml: format(`type: CSV, delimiter: ",", null_values: ${MARK}{ a: b }`),
    code: 'WRONG_KIND',
    path: `${V}.file_format.null_values`,
  },
  {
    title: 'sheet zero',
    yaml: format(`type: EXCEL, sheet: ${MARK}0`),
    code: 'SHEET',
    path: `${V}.file_format.sheet`,
  },
  // Fields
  {
    title: 'fields empty',
    yaml: catalog(`    ${FORMAT}\n    ${MARK}fields: []\n`),
    code: 'EMPTY_FIELDS',
    path: `${V}.fields`,
  },
  {
    title: 'fields null',
    yaml: catalog(`    ${FORMAT}\n    ${MARK}fields:\n`),
    code: 'EMPTY_FIELDS',
    path: `${V}.fields`,
  },
  {
    title: 'fields is a map',
    yaml: catalog(`    ${FORMAT}\n    fields:\n      ${MARK}a: texto\n`),
    code: 'WRONG_KIND',
    path: `${V}.fields`,
  },
  {
    title: 'a field is a text',
    yaml: fields(`      - { name: a, type: texto }\n      - ${MARK}b\n`),
    code: 'WRONG_KIND',
    path: `${V}.fields[1]`,
  },
  {
    title: 'a field without name',
    yaml: fields(`      - ${MARK}{ type: texto }\n`),
    code: 'MISSING_KEY',
    path: `${V}.fields[0].name`,
  },
  {
    title: 'a field without type',
    yaml: fields(`      - ${MARK}name: a\n`),
    code: 'MISSING_KEY',
    path: `${V}.fields[0].type`,
  },
  {
    title: 'misspelt type',
    yaml: fields(`      - { name: a, type: texto }\n      - name: b\n        type: ${MARK}entro\n`),
    code: 'FIELD_TYPE',
    path: `${V}.fields[1].type`,
    hint: '¿quisiste decir `entero`?',
  },
  {
    title: 'type in English',
    yaml: field(`type: ${MARK}string`),
    code: 'FIELD_TYPE',
    path: `${V}.fields[0].type`,
    hint: '¿quisiste decir `texto`?',
  },
  {
    title: 'type is a list',
    yaml: field(`type: ${MARK}[texto]`),
    code: 'WRONG_KIND',
    path: `${V}.fields[0].type`,
  },
  {
    title: 'repeated field',
    yaml: fields(`      - { name: a, type: texto }\n      - { name: ${MARK}a, type: entero }\n`),
    code: 'DUPLICATE_FIELD',
    path: `${V}.fields[1].name`,
  },
  {
    title: 'repeated key of a field',
    yaml: field(`type: texto, ${MARK}type: entero`),
    code: 'DUPLICATE_KEY',
    path: `${V}.fields[0].type`,
  },
  {
    title: 'required not boolean',
    yaml: field(`type: texto, required: ${MARK}tal vez`),
    code: 'NOT_BOOLEAN',
    path: `${V}.fields[0].required`,
  },
  {
    title: 'unknown field key',
    yaml: field(`type: texto, ${MARK}requiered: true`),
    code: 'UNKNOWN_KEY',
    path: `${V}.fields[0].requiered`,
    severity: 'warning',
    hint: '¿quisiste decir `required`?',
  },
  {
    title: 'date format without %',
    yaml: field(`type: fecha, format: ${MARK}dd/mm/yyyy`),
    code: 'DATE_FORMAT',
    path: `${V}.fields[0].format`,
    hint: '%d/%m/%Y',
  },
  {
    title: 'date format unknown directive',
    yaml: field(`type: fecha, format: ${MARK}"%d/%Q"`),
    code: 'DATE_FORMAT',
    path: `${V}.fields[0].format`,
  },
  {
    title: 'format on a texto',
    yaml: field(`type: texto, format: ${MARK}"%d"`),
    code: 'KEY_NOT_FOR_TYPE',
    path: `${V}.fields[0].format`,
    severity: 'warning',
  },
  {
    title: 'decimal mark of two characters',
    yaml: field(`type: decimal, decimal: ${MARK}",,"`),
    code: 'NUMBER_MARK',
    path: `${V}.fields[0].decimal`,
  },
  {
    title: 'thousands same as decimal',
    yaml: field(`type: decimal, thousands: ${MARK}"."`),
    code: 'NUMBER_MARK',
    path: `${V}.fields[0].thousands`,
  },
  {
    title: 'max_length not a number',
    yaml: field(`type: texto, max_length: ${MARK}muchos`),
    code: 'MAX_LENGTH',
    path: `${V}.fields[0].max_length`,
  },
  {
    title: 'default of another type',
    yaml: field(`type: entero, default: ${MARK}cero`),
    code: 'DEFAULT',
    path: `${V}.fields[0].default`,
  },
  // Rules
  {
    title: 'rule is a text',
    yaml: rule(`          - ${MARK}"df['a'] > 0"\n`),
    code: 'WRONG_KIND',
    path: `${V}.fields[0].validation_rules[0]`,
  },
  {
    title: 'rule without expression',
    yaml: rule(`          - ${MARK}name: r\n            description: d\n`),
    code: 'MISSING_KEY',
    path: `${V}.fields[0].validation_rules[0].rule`,
  },
  {
    title: 'rule empty',
    yaml: rule(`          - { name: r, description: d, rule: ${MARK}"  " }\n`),
    code: 'EMPTY_VALUE',
    path: `${V}.fields[0].validation_rules[0].rule`,
  },
  {
    title: 'rule without name',
    yaml: rule(`          - ${MARK}{ description: d, rule: x }\n`),
    code: 'MISSING_KEY',
    path: `${V}.fields[0].validation_rules[0].name`,
  },
  {
    title: 'rule without description',
    yaml: rule(`          - ${MARK}{ name: r, rule: x }\n`),
    code: 'MISSING_KEY',
    path: `${V}.fields[0].validation_rules[0].description`,
  },
  {
    title: 'severity misspelt',
    yaml: rule(`          - { name: r, description: d, rule: x, severity: ${MARK}eror }\n`),
    code: 'SEVERITY',
    path: `${V}.fields[0].validation_rules[0].severity`,
    hint: '¿quisiste decir `error`?',
  },
  {
    title: 'severity in Spanish',
    yaml: rule(`          - { name: r, description: d, rule: x, severity: ${MARK}advertencia }\n`),
    code: 'SEVERITY',
    path: `${V}.fields[0].validation_rules[0].severity`,
    hint: '`warning`',
  },
  {
    title: 'repeated rule name',
    yaml: rule(
      `          - { name: r, description: d, rule: x }\n          - { name: ${MARK}r, description: d, rule: y }\n`,
    ),
    code: 'DUPLICATE_RULE',
    path: `${V}.fields[0].validation_rules[1].name`,
    severity: 'warning',
  },
  {
    title: 'unknown rule key',
    yaml: rule(`          - { name: r, description: d, rule: x, ${MARK}severty: error }\n`),
    code: 'UNKNOWN_KEY',
    path: `${V}.fields[0].validation_rules[0].severty`,
    severity: 'warning',
    hint: 'severity',
  },
  {
    title: 'validation_rules is a text',
    yaml: field(`type: texto, validation_rules: ${MARK}x`),
    code: 'WRONG_KIND',
    path: `${V}.fields[0].validation_rules`,
  },
  // Packages
  {
    title: 'unknown catalog of a package',
    yaml: packages(
      `  p: { name: P, description: D, file_format: { type: ZIP }, catalogs: [${MARK}venta, ventas] }\n`,
    ),
    code: 'UNKNOWN_CATALOG',
    path: 'packages.p.catalogs[0]',
    hint: '¿quisiste decir `ventas`?',
  },
  {
    title: 'package without catalogs',
    yaml: packages(`  ${MARK}p: { name: P, description: D, file_format: { type: ZIP } }\n`),
    code: 'MISSING_KEY',
    path: 'packages.p.catalogs',
  },
  {
    title: 'empty package',
    yaml: packages(`  p: { name: P, description: D, file_format: { type: ZIP }, catalogs: ${MARK}[] }\n`),
    code: 'EMPTY_PACKAGE',
    path: 'packages.p.catalogs',
  },
  {
    title: 'repeated package',
    yaml: packages(
      `  p: { name: P, description: D, file_format: { type: ZIP }, catalogs: [ventas] }\n  ${MARK}p: {}\n`,
    ),
    code: 'DUPLICATE_KEY',
    path: 'packages.p',
  },
  {
    title: 'repeated catalog in a package',
    yaml: packages(
      `  p: { name: P, description: D, file_format: { type: ZIP }, catalogs: [ventas, ${MARK}ventas] }\n`,
    ),
    code: 'REPEATED_CATALOG',
    path: 'packages.p.catalogs[1]',
    severity: 'warning',
  },
  {
    title: 'two catalogs in a CSV package',
    yaml: two(
      '    filename: s.csv\n',
      `{ name: P, description: D, file_format: ${MARK}{ type: CSV }, catalogs: [ventas, stock] }`,
    ).replace('  ⟦ventas', '  ventas'),
    code: 'PACKAGE_NEEDS_ZIP',
    path: 'packages.diario.file_format.type',
  },
  {
    title: 'same file for two catalogs',
    yaml: two(
      `    filename: ${MARK}ventas.csv\n`,
      '{ name: P, description: D, file_format: { type: ZIP }, catalogs: [ventas, stock] }',
    ),
    code: 'SAME_FILENAME',
    path: 'catalogs.stock.filename',
  },
  {
    title: 'package of another type than its catalog',
    yaml: packages(
      `  p: { name: P, description: D, file_format: ${MARK}{ type: EXCEL }, catalogs: [ventas] }\n`,
    ),
    code: 'PACKAGE_TYPE',
    path: 'packages.p.file_format.type',
    severity: 'warning',
  },
  {
    title: 'catalogs of a package is a map',
    yaml: packages(
      `  p: { name: P, description: D, file_format: { type: ZIP }, catalogs: ${MARK}{ ventas: 1 } }\n`,
    ),
    code: 'WRONG_KIND',
    path: 'packages.p.catalogs',
  },
  {
    title: 'package type unknown',
    yaml: packages(
      `  p: { name: P, description: D, file_format: { type: ${MARK}RAR }, catalogs: [ventas] }\n`,
    ),
    code: 'FORMAT_TYPE',
    path: 'packages.p.file_format.type',
    hint: 'ZIP',
  },
  {
    title: 'package is a list',
    yaml: packages(`  p: ${MARK}[ventas]\n`),
    code: 'WRONG_KIND',
    path: 'packages.p',
  },
  {
    title: 'id with a blank',
    yaml: packages(
      `  mi paquete: { name: P, description: D, file_format: { type: ZIP }, catalogs: [ventas, ${MARK}x] }\n`,
    ),
    code: 'UNKNOWN_CATALOG',
    path: 'packages["mi paquete"].catalogs[1]',
  },
  // Transformations
  {
    title: 'transformation without kind',
    yaml: transform(`      - ${MARK}{ sett: a }\n`),
    code: 'TRANSFORMATION',
    path: `${V}.transformations[0]`,
    hint: '¿quisiste decir `set`?',
  },
  {
    title: 'transformation of two kinds',
    yaml: transform(`      - ${MARK}{ drop: [a], filter: x }\n`),
    code: 'TRANSFORMATION',
    path: `${V}.transformations[0]`,
  },
  {
    title: 'set without value',
    yaml: transform(`      - ${MARK}{ set: total, type: decimal }\n`),
    code: 'MISSING_KEY',
    path: `${V}.transformations[0].value`,
  },
  {
    title: 'set without type',
    yaml: transform(`      - ${MARK}{ set: total, value: x }\n`),
    code: 'MISSING_KEY',
    path: `${V}.transformations[0].type`,
  },
  {
    title: 'set with a wrong type',
    yaml: transform(`      - { set: total, value: x, type: ${MARK}decimel }\n`),
    code: 'FIELD_TYPE',
    path: `${V}.transformations[0].type`,
    hint: 'decimal',
  },
  {
    title: 'drop of an unknown field',
    yaml: transform(`      - { drop: ${MARK}[mnto] }\n`),
    code: 'UNKNOWN_COLUMN',
    path: `${V}.transformations[0].drop`,
    hint: '¿quisiste decir `monto`?',
  },
  {
    title: 'drop of a field already dropped',
    yaml: transform(`      - { drop: [a] }\n      - { drop: ${MARK}[a] }\n`),
    code: 'UNKNOWN_COLUMN',
    path: `${V}.transformations[1].drop`,
  },
  {
    title: 'rename of an unknown field',
    yaml: transform(`      - rename: { b: ${MARK}c }\n`),
    code: 'UNKNOWN_COLUMN',
    path: `${V}.transformations[0].rename.b`,
  },
  {
    title: 'rename to a name in use',
    yaml: transform(`      - rename: { a: ${MARK}monto }\n`),
    code: 'DUPLICATE_FIELD',
    path: `${V}.transformations[0].rename.a`,
  },
  {
    title: 'map without values',
    yaml: transform(`      - ${MARK}{ map: a }\n`),
    code: 'MISSING_KEY',
    path: `${V}.transformations[0].values`,
  },
  {
    title: 'map with a wrong otherwise',
    yaml: transform(`      - { map: a, values: { x: y }, otherwise: ${MARK}kep }\n`),
    code: 'TRANSFORMATION',
    path: `${V}.transformations[0].otherwise`,
    hint: 'keep',
  },
  {
    title: 'filter is a list',
    yaml: transform(`      - { filter: ${MARK}[x] }\n`),
    code: 'WRONG_KIND',
    path: `${V}.transformations[0].filter`,
  },
  {
    title: 'transformations is a map',
    yaml: transform(`      ${MARK}drop: [a]\n`),
    code: 'WRONG_KIND',
    path: `${V}.transformations`,
  },
  // YAML itself
  { title: 'tab as indentation', yaml: `sage_yaml:\n${MARK}\tname: x\n`, code: 'YAML_TAB', path: '' },
  {
    title: 'unclosed quote',
    yaml: `sage_yaml:\n  name: ${MARK}"x`,
    code: 'YAML_SYNTAX',
    path: '',
    hint: 'Cerrar con "',
  },
  {
    title: 'bad escape',
    yaml: rule(`          - { name: r, description: d, rule: "match('^${MARK}\\S+$')" }\n`),
    code: 'YAML_ESCAPE',
    path: '',
    hint: '\\\\S',
  },
  {
    title: 'two colons',
    yaml: `sage_yaml:\n  name: ${MARK}a: b\n`,
    code: 'YAML_SYNTAX',
    path: '',
    hint: 'comillas',
  },
  {
    title: 'bad indentation',
    yaml: `a:\n  b: 1\n${MARK} c: 2\n`,
    code: 'YAML_INDENT',
    path: '',
    also: ['UNKNOWN_KEY'],
  },
  {
    title: 'pipe without quotes',
    yaml: `a: { delimiter: ${MARK}| }\n`,
    code: 'YAML_SYNTAX',
    path: '',
    also: ['UNKNOWN_KEY'],
  },
  { title: 'code fence', yaml: `${MARK}\`\`\`yaml\nsage_yaml: {}\n`, code: 'YAML_FENCE', path: '' },
  {
    title: 'two documents',
    yaml: `a: 1\n${MARK}---\nb: 2\n`,
    code: 'YAML_MULTIPLE_DOCS',
    path: '',
    also: ['UNKNOWN_KEY'],
  },
  {
    title: 'unknown alias',
    yaml: fields(`      - ${MARK}*campo\n`),
    code: 'YAML_ALIAS_UNKNOWN',
    path: `${V}.fields[0]`,
    also: ['WRONG_KIND'],
  },
  {
    title: 'cyclic alias',
    yaml: `${HEAD}  ventas: &v\n    fields: ${MARK}*v\n`,
    code: 'YAML_ALIAS_CYCLE',
    path: `${V}.fields`,
    also: ['MISSING_KEY', 'MISSING_SECTION', 'EMPTY_FIELDS'],
  },
  { title: 'NUL', yaml: `sage_yaml: "a${MARK}\u0000"\n`, code: 'YAML_BINARY', path: '' },
  {
    title: 'a list as key',
    yaml: `${fields(OK_FIELD)}`
      .replace('  ⟦ventas', '  ventas')
      .replace('sage_yaml: {', `sage_yaml: { ${MARK}[a]: b,`),
    code: 'YAML_KEY',
    path: 'sage_yaml',
  },
]
