import type { Given } from '../../call'
import { constant } from '../../plan/operators'
import type { Const, Value } from '../../plan/values'

type Fold = (self: string, args: Const[]) => Value | null

const truthOf =
  (test: (self: string, piece: string) => boolean): Fold =>
  (self, [piece, ...more]) =>
    typeof piece === 'string' && more.length === 0 ? constant(test(self, piece)) : null

const same =
  (make: (self: string) => string): Fold =>
  (self, args) =>
    args.length === 0 ? constant(make(self)) : null

const FOLDS: Record<string, Fold> = {
  startswith: truthOf((self, piece) => self.startsWith(piece)),
  endswith: truthOf((self, piece) => self.endsWith(piece)),
  lower: same((self) => self.toLowerCase()),
  upper: same((self) => self.toUpperCase()),
  strip: same((self) => self.trim()),
  split: (self, args) => {
    const [separator] = args
    if (args.length > 1 || (args.length === 1 && (typeof separator !== 'string' || separator === '')))
      return null
    const parts =
      typeof separator === 'string' ? self.split(separator) : self.split(/\s+/).filter((part) => part !== '')
    return { t: 'list', flavour: 'list', items: parts.map((part) => constant(part)) }
  },
}

/** A method of a text written in the rule, worked out now: `'A B C'.split()`, `name.startswith('x')` over the names of columns. */
function foldWritten(name: string, self: string, args: Const[]): Value | null {
  return Object.hasOwn(FOLDS, name) ? (FOLDS[name]?.(self, args) ?? null) : null
}

/** A method of a written text with written arguments needs no data. */
export function foldCall(
  on: string,
  name: string,
  self: Value | null,
  args: { name: string | null; given: Given }[],
): Value | null {
  if (on !== 'texto' || self?.t !== 'scalar' || typeof self.konst !== 'string') return null
  const konsts = args.flatMap((arg) => {
    const { value } = arg.given
    return arg.name === null && value.t === 'scalar' && value.konst !== undefined ? [value.konst] : []
  })
  return konsts.length === args.length ? foldWritten(name, self.konst, konsts) : null
}
