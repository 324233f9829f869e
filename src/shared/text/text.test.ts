import { describe, expect, it } from 'vitest'
import { fill, isTextKey, LANGS, texts, translate } from './index'

const names = (template: string) =>
  [...new Set([...template.matchAll(/\{(\w+)/g)].map((match) => match[1]))].sort()

describe('texts', () => {
  it('have the same keys in every language', () => {
    expect(Object.keys(texts.en).sort()).toEqual(Object.keys(texts.es).sort())
  })

  it('ask for the same parameters in every language', () => {
    const wrong = Object.keys(texts.es).filter(
      (key) => isTextKey(key) && names(texts.en[key]).join() !== names(texts.es[key]).join(),
    )
    expect(wrong).toEqual([])
  })

  it('are never empty and never shout', () => {
    for (const lang of LANGS) {
      for (const [key, text] of Object.entries(texts[lang])) {
        expect(text.trim(), key).not.toBe('')
        expect(text, key).not.toMatch(/[!¡]/)
      }
    }
  })
})

describe('filling', () => {
  it('writes numbers by locale and chooses the word by the number', () => {
    expect(translate('es', 'findings.count', { n: 1 })).toBe('1 hallazgo')
    expect(translate('es', 'findings.count', { n: 12345 })).toBe('12,345 hallazgos')
    expect(translate('en', 'findings.count', { n: 0 })).toBe('0 findings')
  })

  it('leaves a parameter that is missing in sight, and never fills what a parameter brings', () => {
    expect(fill('es', 'a {x} b')).toBe('a {x} b')
    expect(fill('es', '{a} {b}', { a: '{b}', b: 'z' })).toBe('{b} z')
  })
})
