import type { GeneratedCatalog, GeneratedField } from './catalogs'

type Rule = { name: string; rule: string; severity: string }

const q = (text: string): string => JSON.stringify(text)

const ruleLines = (rules: readonly Rule[], indent: string): string[] =>
  rules.flatMap((rule) => [
    `${indent}- name: ${q(rule.name)}`,
    `${indent}  description: ${q(`No cumple: ${rule.name}`)}`,
    `${indent}  rule: ${q(rule.rule)}`,
    `${indent}  severity: ${rule.severity}`,
  ])

function fieldLines(field: GeneratedField): string[] {
  const lines = [`      - name: ${q(field.name)}`, `        type: ${field.type}`]
  if (field.required) lines.push('        required: true')
  if (field.unique) lines.push('        unique: true')
  if (field.rules) lines.push('        validation_rules:', ...ruleLines(field.rules, '          '))
  return lines
}

function catalogLines(catalog: GeneratedCatalog, extra: readonly Rule[]): string[] {
  const rowRules = [...(catalog.rowRules ?? []), ...extra]
  return [
    `  ${catalog.id}:`,
    `    name: ${q(catalog.id)}`,
    `    description: ${q(`Catálogo ${catalog.id}`)}`,
    `    filename: ${q(`${catalog.id}.csv`)}`,
    `    file_format: { type: CSV, delimiter: ${q(catalog.delimiter)}, header: ${catalog.header} }`,
    '    fields:',
    ...catalog.fields.flatMap(fieldLines),
    ...(rowRules.length > 0 ? ['    row_validation:', ...ruleLines(rowRules, '      ')] : []),
  ]
}

const PACKAGE_RULES: readonly Rule[] = [
  ['Clientes de ventas', 'codigo_cliente', 'clientes'],
  ['Productos de ventas', 'codigo_producto', 'productos'],
  ['Vendedores de ventas', 'codigo_vendedor', 'vendedores'],
].map(([name = '', column = '', master = '']) => ({
  name,
  rule: `df['ventas']['${column}'].isin(df['${master}']['${column}'])`,
  severity: 'error',
}))

/**
 * The SAGE YAML of a generated package. `extraRules` adds row rules by catalog (a bench of many rules);
 * `packageRules` false leaves only checks that one scan per catalog can judge.
 */
export function generatedYaml(
  catalogs: readonly GeneratedCatalog[],
  options: { extraRules?: Record<string, Rule[]>; packageRules?: boolean } = {},
): string {
  return `${[
    'sage_yaml:',
    '  name: "Paquete generado"',
    '  description: "Siete catálogos como los de un distribuidor"',
    '  version: "1.0.0"',
    '  author: "sage"',
    '  comments: "Generado con semilla"',
    'catalogs:',
    ...catalogs.flatMap((catalog) => catalogLines(catalog, options.extraRules?.[catalog.id] ?? [])),
    'packages:',
    '  envio:',
    '    name: "Envío"',
    '    description: "Los siete archivos"',
    '    file_format: { type: ZIP }',
    `    catalogs: [${catalogs.map((catalog) => catalog.id).join(', ')}]`,
    ...(options.packageRules === false
      ? []
      : ['    package_validation:', ...ruleLines(PACKAGE_RULES, '      ')]),
  ].join('\n')}\n`
}
