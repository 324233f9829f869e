import { GOOD_YAML } from './good'
import type { HostileBytes } from './index'

const yaml = (name: string, expect: string | RegExp, bytes: Buffer | string): HostileBytes => ({
  name: `YAML: ${name}`,
  kind: 'refused',
  expect,
  yaml: bytes,
})

/** Nine generations of nine: 387 million strings if anyone expands them. */
function billionLaughs(): string {
  const lines = ['a0: &a0 ["ja","ja","ja","ja","ja","ja","ja","ja","ja"]']
  for (let i = 1; i < 9; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(',')}]`,
    )
  return `${lines.join('\n')}\nsage_yaml: *a8\n`
}

export function yamlInputs(): HostileBytes[] {
  return [
    yaml('nothing', /EMPTY|MISSING/, ''),
    yaml(
      'a duplicate key',
      'DUPLICATE_KEY',
      GOOD_YAML.replace(
        '    filename: clientes.csv\n',
        '    filename: clientes.csv\n    filename: otro.csv\n',
      ),
    ),
    yaml('an alias bomb', 'YAML_ALIAS_BOMB', billionLaughs()),
    yaml('an alias that holds itself', /YAML_ALIAS/, `sage_yaml: &a [*a]\n`),
    yaml('50 MB', 'YAML_TOO_LARGE', `${GOOD_YAML}# ${'x'.repeat(50 * 1024 * 1024)}\n`),
    yaml(
      '100,000 levels',
      /YAML_TOO_DEEP|YAML_SYNTAX/,
      `sage_yaml: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`,
    ),
    yaml('the wrong kind everywhere', 'WRONG_KIND', 'sage_yaml: [1, 2]\ncatalogs: 7\npackages: true\n'),
    yaml(
      'fields that are numbers',
      'WRONG_KIND',
      GOOD_YAML.replace(/fields:\n(.*\n){3}/, 'fields: [1, null, "x", [], true]\n'),
    ),
    yaml(
      'a binary',
      /YAML_BINARY|YAML_SYNTAX/,
      Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(2000), Buffer.from(GOOD_YAML)]),
    ),
    yaml(
      'a tag that would run code',
      /YAML|WRONG_KIND/,
      `sage_yaml: !!python/object/apply:os.system ["touch /tmp/sage-pwned"]\n`,
    ),
    yaml('tabs as indentation', 'YAML_SYNTAX', GOOD_YAML.replace('    name: Clientes', '\tname: Clientes')),
    yaml(
      'a rule that is not an expression',
      /./,
      GOOD_YAML.replace(
        'type: decimal }',
        `type: decimal, validation_rules: [{ name: mala, description: d, rule: "__import__('os').system('touch /tmp/sage-pwned')" }] }`,
      ),
    ),
  ]
}
