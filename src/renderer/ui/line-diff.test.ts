import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffLines, firstLines, withContext } from './line-diff'

const told = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`)

describe('differences of two texts', () => {
  it('tells what was added, removed and changed, with the lines of each text', () => {
    expect(told('a\nb\nc\nd', 'a\nc\nx\nd')).toEqual([' a', '-b', ' c', '+x', ' d'])
    expect(told('a', 'a')).toEqual([' a'])
    expect(diffLines('a\nb', 'b')).toEqual([
      { kind: 'removed', text: 'a', before: 1, after: null },
      { kind: 'same', text: 'b', before: 2, after: 1 },
    ])
  })

  it('gives back both texts, and never more changes than replacing everything', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const lines = diffLines(a.join('\n'), b.join('\n'))
        expect(lines.filter(({ kind }) => kind !== 'added').map((l) => l.text)).toEqual(a)
        expect(lines.filter(({ kind }) => kind !== 'removed').map((l) => l.text)).toEqual(b)
        expect(lines.filter((l) => l.before !== null).map((l) => l.before)).toEqual(a.map((_, i) => i + 1))
        expect(lines.filter((l) => l.after !== null).map((l) => l.after)).toEqual(b.map((_, i) => i + 1))
        expect(lines.length).toBeLessThanOrEqual(a.length + b.length)
      }),
    )
  })

  it('ends with texts that share nothing', () => {
    const many = (name: string): string => Array.from({ length: 3000 }, (_, i) => `${name}${i}`).join('\n')
    const lines = diffLines(many('a'), many('b'))
    expect(lines).toHaveLength(6000)
  })

  it('leaves out the equal lines that are far from a change', () => {
    const before = Array.from({ length: 30 }, (_, i) => `l${i}`)
    const after = before.map((text, i) => (i === 15 ? 'otra' : text))
    const parts = withContext(diffLines(before.join('\n'), after.join('\n')), 2)
    expect(parts.map((part) => (part.kind === 'gap' ? part.count : part.lines.length))).toEqual([13, 6, 12])
    expect(withContext(diffLines('a\nb', 'a\nb'))).toEqual([{ kind: 'gap', at: 0, count: 2 }])
  })

  it('shows no more lines than a page can hold, and counts the rest', () => {
    const parts = withContext(diffLines('a\nb\nc', 'x\ny\nz'), 0)
    const { parts: shown, left } = firstLines(parts, 4)
    expect(shown.flatMap((part) => (part.kind === 'lines' ? part.lines : []))).toHaveLength(4)
    expect(left).toBe(2)
  })
})
