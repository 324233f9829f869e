import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkRule } from '@engine/execution/rule-checker'
import { describe, expect, it } from 'vitest'
import { parseSageYaml } from './parse'

const sample = readFileSync(
  resolve(__dirname, '../../../resources/samples/distribuidora/distribuidora.yaml'),
  'utf8',
)

describe('with the real compiler', () => {
  it('the sample has no diagnostic', () => {
    expect(parseSageYaml(sample, { checkRules: checkRule }).diagnostics).toEqual([])
  })

  it('a column that does not exist is placed at its name, in each kind of scalar', () => {
    const wrong = sample
      .replace(`"df['ruc'].str.match(`, `"df['rucc'].str.match(`)
      .replace(
        `"~df.duplicated(subset=['documento', 'item'])"`,
        `>\n          df['importe'].sum() >\n          df['importee'].sum()`,
      )
      .replace(`"df['factor_caja'].astype(int) >= 1"`, `'df[''factor_cajaa''].astype(int) >= 1'`)
      .replace(`"df['ventas']['codigo_producto'].isin(`, `"df['ventass']['codigo_producto'].isin(`)
    const { schema, diagnostics } = parseSageYaml(wrong, { checkRules: checkRule })
    expect(schema).not.toBeNull()
    const places = diagnostics.map((d) => wrong.slice(d.position.offset, d.position.endOffset))
    expect(places).toHaveLength(4)
    for (const [index, name] of ['rucc', 'factor_cajaa', 'importee', 'ventass'].entries())
      expect(places[index]).toContain(name)
    for (const d of diagnostics) {
      const { line, column, offset } = d.position
      expect(wrong.split('\n')[line - 1]?.slice(column - 1, column + 3)).toBe(wrong.slice(offset, offset + 4))
      expect(d.path).toMatch(/\.rule$/)
    }
  })
})
