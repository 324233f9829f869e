import { RESERVED_PREFIX } from '@engine/destinations/types'
import { foldName, type IdentifierRules, nameLength } from '../destination-rules'

/**
 * A name that needs no quotes in most databases, close to the one given: small letters, digits and `_`, within the limit of the
 * destination, and not among `taken` (folded as the destination does), where it is added.
 */
export function legalName(
  given: string,
  rules: IdentifierRules,
  taken: Set<string>,
  fallback: string,
): string {
  const plain = given
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
  const base = plain === '' ? fallback : /^\p{N}/u.test(plain) ? `_${plain}` : plain
  const own = base.startsWith(RESERVED_PREFIX.slice(1)) ? `x_${base}` : base
  for (let n = 1; ; n++) {
    const name = cut(own, n === 1 ? '' : `_${n}`, rules)
    const folded = foldName(name, rules)
    if (taken.has(folded)) continue
    taken.add(folded)
    return name
  }
}

/** Whole characters, however many bytes each has. */
function cut(name: string, suffix: string, rules: IdentifierRules): string {
  const letters = [...name]
  while (letters.length > 1 && nameLength(letters.join('') + suffix, rules) > rules.max) letters.pop()
  return letters.join('').replace(/_+$/, '') + suffix
}
