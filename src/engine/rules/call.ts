import type { Compiler } from './compiler'
import { constant } from './plan/operators'
import {
  type Column,
  type Const,
  describeValue,
  isOperand,
  type Kind,
  kindName,
  type Operand,
  type Value,
} from './plan/values'
import { didYouMean, fail, type Span } from './problem'
import type { Registered } from './registry'

export interface Given {
  value: Value
  span: Span
}

/** Arguments that change nothing of what a rule sees: the order of groups, how a result is labelled, a copy of what is never changed. */
const HARMLESS = new Set([
  'observed',
  'group_keys',
  'deep',
  'copy',
  'ignore_index',
  'expand',
  'level',
  'downcast',
])

/** What a function of the whole table would say of one group is about other records: it is refused there. */
export function refuseInGroup(def: Registered, self: Value, span: Span): void {
  if (def.inGroup || (self.t !== 'column' && self.t !== 'frame') || !self.partition) return
  fail(
    'UNSUPPORTED',
    `dentro de un grupo no se admite \`${def.name}\``,
    span,
    'usar un agregado (`max`, `nunique`, `count`...), o calcularlo antes en una columna',
  )
}

/** What may follow `normalize('NFKD')` and `encode`. */
const HELD = new Set(['encode', 'decode', 'len', 'isnull', 'notnull', 'isna', 'notna'])
const HELD_HINT = "seguir con `.str.encode('ascii', errors='ignore').str.decode('utf-8')`"

/** One call of a function of the language, with its arguments bound to its parameters. */
export class Call {
  constructor(
    readonly compiler: Compiler,
    readonly def: Registered,
    readonly self: Value,
    private readonly given: Map<string, Given>,
    readonly rest: Given[],
    /** The place of the function's name. */
    readonly span: Span,
    /** Arguments of any name, for `**items`. */
    readonly named: ReadonlyMap<string, Given> = new Map(),
  ) {}

  private readonly read = new Set<string>()

  /** An argument that was given, is not the default and nobody looked at would be a meaning lost without a word. */
  refuseUnread(): void {
    for (const [name, { value, span }] of this.given) {
      if (this.read.has(name) || HARMLESS.has(name)) continue
      if (name === 'sort' && this.def.name === 'groupby') continue
      const fallback = this.def.parsed.find((param) => param.name === name)?.fallback
      const written = value.t === 'scalar' ? value.konst : undefined
      if (fallback !== null && fallback !== undefined && written === readDefault(fallback)) continue
      fail('UNSUPPORTED', `el argumento \`${name}\` de ${this.label} no se admite así`, span)
    }
  }

  get label(): string {
    return `\`${this.def.name}\``
  }

  has(name: string): boolean {
    this.read.add(name)
    return this.given.has(name)
  }

  where(name: string): Span {
    return this.given.get(name)?.span ?? this.span
  }

  /** The argument, or its default as a value; `undefined` when it has neither. */
  value(name: string): Value | undefined {
    this.read.add(name)
    const given = this.given.get(name)
    if (given) return given.value
    const fallback = this.def.parsed.find((param) => param.name === name)?.fallback
    return fallback === null || fallback === undefined ? undefined : constant(readDefault(fallback))
  }

  require(name: string): Value {
    const value = this.value(name)
    return value ?? fail('ARGUMENT', `a ${this.label} le falta el argumento \`${name}\``, this.span)
  }

  operand(name: string): Operand {
    const value = this.require(name)
    if (isOperand(value)) return value
    return fail(
      'TYPE',
      `el argumento \`${name}\` de ${this.label} no puede ser ${describeValue(value)}`,
      this.where(name),
    )
  }

  /** An argument that must be written in the rule, not come from data. */
  konst(name: string): Const {
    const value = this.value(name)
    if (value === undefined) return null
    if (value.t === 'scalar' && value.konst !== undefined) return value.konst
    return fail(
      'ARGUMENT',
      `el argumento \`${name}\` de ${this.label} debe ser un valor escrito en la regla`,
      this.where(name),
    )
  }

  text(name: string): string {
    const value = this.konst(name)
    if (typeof value === 'string') return value
    return fail('ARGUMENT', `el argumento \`${name}\` de ${this.label} debe ser un texto`, this.where(name))
  }

  optionalText(name: string): string | null {
    return this.konst(name) === null ? null : this.text(name)
  }

  integer(name: string): number {
    const value = this.konst(name)
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value
    return fail(
      'ARGUMENT',
      `el argumento \`${name}\` de ${this.label} debe ser un número entero`,
      this.where(name),
    )
  }

  optionalInteger(name: string): number | null {
    return this.konst(name) === null ? null : this.integer(name)
  }

  number(name: string): number {
    const value = this.konst(name)
    if (typeof value === 'number') return value
    return fail('ARGUMENT', `el argumento \`${name}\` de ${this.label} debe ser un número`, this.where(name))
  }

  flag(name: string): boolean {
    const value = this.konst(name)
    if (typeof value === 'boolean') return value
    if (value === 0 || value === 1) return value === 1
    return fail(
      'ARGUMENT',
      `el argumento \`${name}\` de ${this.label} debe ser True o False`,
      this.where(name),
    )
  }

  choice<T extends string>(name: string, options: readonly T[]): T {
    const value = this.konst(name)
    const found = options.find((option) => option === value)
    if (found !== undefined) return found
    const shown = options.map((option) => `'${option}'`).join(', ')
    const guess = typeof value === 'string' ? didYouMean(value, options) : ''
    return fail('ARGUMENT', `\`${name}\` de ${this.label} admite ${shown}${guess}`, this.where(name))
  }

  /** The receiver as an operand of one of the kinds. */
  self_(...kinds: Kind[]): Operand {
    if (!isOperand(this.self))
      return fail('TYPE', `${this.label} no se aplica a ${describeValue(this.self)}`, this.span)
    if (this.self.held && !HELD.has(this.def.name))
      return fail(
        'UNSUPPORTED',
        `${this.label} no se aplica a bytes ni a un texto en forma NFKD`,
        this.span,
        HELD_HINT,
      )
    if (kinds.length > 0 && !kinds.includes(this.self.kind) && this.self.kind !== 'null') {
      return fail('TYPE', `${this.label} no se aplica a ${kindName(this.self.kind)}`, this.span)
    }
    return this.self
  }

  column(...kinds: Kind[]): Column {
    const self = this.self_(...kinds)
    if (self.t === 'column') return self
    return fail('TYPE', `${this.label} se aplica a una columna, no a ${describeValue(self)}`, this.span)
  }

  refuse(message: string, hint?: string, argument?: string): never {
    return fail('UNSUPPORTED', message, argument === undefined ? this.span : this.where(argument), hint)
  }
}

function readDefault(text: string): Const {
  if (text === 'None') return null
  if (text === 'True') return true
  if (text === 'False') return false
  if (/^'.*'$/.test(text)) return text.slice(1, -1)
  return Number(text)
}

/** Binds the written arguments to the parameters as Python does. */
export function bindArguments(
  def: Registered,
  args: { name: string | null; given: Given }[],
  span: Span,
): { given: Map<string, Given>; rest: Given[]; named: Map<string, Given> } {
  const given = new Map<string, Given>()
  const rest: Given[] = []
  const positional = def.parsed.filter((param) => !param.rest && !param.named)
  const takesNamed = def.parsed.some((param) => param.named)
  const named = new Map<string, Given>()
  const takesRest = def.parsed.some((param) => param.rest)
  let next = 0
  for (const { name, given: value } of args) {
    if (name === null) {
      const param = positional[next++]
      if (param) given.set(param.name, value)
      else if (takesRest) rest.push(value)
      else fail('ARGUMENT', `\`${def.name}\` recibe como mucho ${positional.length} argumentos`, value.span)
      continue
    }
    if (!positional.some((param) => param.name === name)) {
      if (takesNamed) {
        named.set(name, value)
        continue
      }
      const guess = didYouMean(
        name,
        positional.map((param) => param.name),
      )
      fail('ARGUMENT', `\`${def.name}\` no tiene el argumento \`${name}\`${guess}`, value.span)
    }
    if (given.has(name)) fail('ARGUMENT', `el argumento \`${name}\` está repetido`, value.span)
    given.set(name, value)
  }
  for (const param of positional) {
    if (param.fallback === null && !given.has(param.name))
      fail('ARGUMENT', `a \`${def.name}\` le falta el argumento \`${param.name}\``, span)
  }
  return { given, rest, named }
}
