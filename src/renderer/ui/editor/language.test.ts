import { describe, expect, it } from 'vitest'
import { completionsAt, type EditorKnowledge, shortName } from './language'

const entry = (name: string) => ({
  name,
  family: 'texto',
  on: 'texto',
  signature: `${name}()`,
  help: '',
  example: '',
})
const knowledge: EditorKnowledge = {
  columns: () => ['cantidad', 'precio'],
  catalogs: () => ['ventas'],
  entries: () => [entry('.str.match'), entry('.str.len()'), entry('np.abs'), entry('==')],
  keys: ['rule', 'severity'],
}
const labels = (before: string) => completionsAt(before, knowledge)?.options.map(({ label }) => label)

describe('completion', () => {
  it('offers columns and catalogs inside brackets, once each', () => {
    expect(labels(`rule: "df['ca`)).toEqual(['cantidad', 'precio', 'ventas'])
    expect(completionsAt(`df["ca`, knowledge)?.from).toBe(4)
  })

  it('offers methods after a dot, without operators', () => {
    expect(labels(`rule: "df['x'].str.`)).toEqual(['match', 'len', 'abs'])
  })

  it('offers keys at the start of a line and inside a flow map, and nothing elsewhere', () => {
    expect(labels('      - sev')).toEqual(['rule', 'severity'])
    expect(labels('- { name: x, re')).toEqual(['rule', 'severity'])
    expect(labels('name: "Clientes" y')).toBeUndefined()
  })

  it('reads the short name of an entry', () => {
    expect(shortName('.str.fullmatch')).toBe('fullmatch')
    expect(shortName('groupby(...)')).toBe('groupby')
  })
})
