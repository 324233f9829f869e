import { bindArguments, Call, type Given, refuseInGroup } from './call'
import { comprehension } from './comprehension'
import { foldCall } from './families/texto/written'
import { noAttribute, receiversOf } from './members'
import { selectRows, takeItem } from './plan/access'
import { choose, pythonLogic } from './plan/choose'
import { compareValues } from './plan/comparison'
import { lookupNames, refuseOpen } from './plan/frames'
import { applyOffset } from './plan/offsets'
import { arithmetic, constant, invert, logic, negate, truth } from './plan/operators'
import { type ColRef, SqlTooLarge } from './plan/sql'
import type { Universe } from './plan/universe'
import {
  type Column,
  describeValue,
  type Frame,
  isOperand,
  type Lambda,
  type Operand,
  type Scalar,
  type Value,
} from './plan/values'
import { vectorize } from './plan/vector'
import { didYouMean, fail, type Span } from './problem'
import { lookup, namesOf } from './registry'
import type { Argument, Node, SlicePart } from './syntax/ast'

export type Scope = ReadonlyMap<string, Value>

const MAX_STEPS = 20_000
export const BUILTIN = 'python'

/** Walks the tree of one rule and gives its value: symbolic SQL with its type. Nothing is ever evaluated as code. */
export class Compiler {
  /** Base columns that the rule reads, by universe. */
  readonly reads = new Map<Universe, Set<string>>()
  private readonly sources = new Map<string, { universe: Universe; name: string }>()
  /** Names of the keys of a grouped universe, to bring them back as columns. */
  readonly indexNames = new Map<Universe, string[]>()
  private steps = 0

  constructor(
    readonly now: Date,
    private readonly globals: Scope,
  ) {}

  evaluate(node: Node, scope: Scope = new Map()): Value {
    if (++this.steps > MAX_STEPS) return fail('TOO_LONG', 'la expresión es demasiado grande', node)
    try {
      return this.dispatch(node, scope)
    } catch (error) {
      if (error instanceof SqlTooLarge)
        return fail('TOO_LONG', 'la expresión genera una consulta demasiado grande', node)
      throw error
    }
  }

  operand(node: Node, scope: Scope): Operand {
    return this.asOperand(this.evaluate(node, scope), node)
  }

  asOperand(value: Value, span: Span): Operand {
    if (isOperand(value)) return value
    return fail('TYPE', `aquí no se puede usar ${describeValue(value)}`, span)
  }

  private dispatch(node: Node, scope: Scope): Value {
    switch (node.type) {
      case 'literal':
        return constant(node.value, node.float ?? false)
      case 'name':
        return this.name(node, scope)
      case 'attribute':
        return this.attribute(this.evaluate(node.object, scope), node.name, node.nameSpan)
      case 'subscript':
        return this.subscript(node, scope)
      case 'call':
        return this.invoke(node, scope)
      case 'unary':
        return this.unary(node, scope)
      case 'arithmetic': {
        const left = this.evaluate(node.left, scope)
        const right = this.evaluate(node.right, scope)
        if (isSetLike(left) || isSetLike(right)) return this.setOperation(node.op, left, right, node)
        const moved = applyOffset(node.op, left, right, node)
        if (moved) return moved
        if (node.op === '%' && left.t === 'scalar' && typeof left.konst === 'string')
          return this.percent(left, right, node)
        return vectorize(left, right, node, (a, b) => arithmetic(node.op, a, b, node), node.op)
      }
      case 'logic': {
        const left = this.evaluate(node.left, scope)
        const right = this.evaluate(node.right, scope)
        if (isSetLike(left) || isSetLike(right)) return this.setOperation(node.op, left, right, node)
        return vectorize(left, right, node, (a, b) => logic(node.op, a, b, node), node.op)
      }
      case 'boolean':
        return this.boolean(node, scope)
      case 'compare':
        return this.comparison(node, scope)
      case 'conditional':
        return this.conditional(node, scope)
      case 'lambda':
        return { t: 'lambda', params: node.params, body: node.body, scope: new Map(scope) }
      case 'sequence':
        return {
          t: 'list',
          flavour: node.flavour,
          items: node.items.map((item) => this.evaluate(item, scope)),
        }
      case 'dict':
        return this.dictionary(node, scope)
      case 'comprehension':
        return comprehension(this, node, scope)
    }
  }

  /** `'%.2f' % x`, `'%s-%s' % (a, b)`. */
  private percent(template: Value, right: Value, span: Span): Value {
    const values = right.t === 'list' && right.flavour === 'tuple' ? right.items : [right]
    const args = values.map((value) => ({ name: null, given: { value, span } }))
    return this.call({ t: 'function', on: 'texto', name: '__%', self: template }, args, span)
  }

  /** `a & b`, `a - b`, `a | b` of sets; `a + b` of lists. */
  private setOperation(op: string, left: Value, right: Value, span: Span): Value {
    if (op === '+' && left.t === 'list' && right.t === 'list')
      return { ...left, items: [...left.items, ...right.items] }
    const args = [left, right].map((value) => ({ name: null, given: { value, span } }))
    if (op === '&' || op === '-' || op === '|')
      return this.call({ t: 'function', on: 'conjunto', name: `__${op}`, self: null }, args, span)
    return fail('TYPE', `\`${op}\` no se aplica a ${describeValue(isSetLike(left) ? left : right)}`, span)
  }

  private name(node: Node & { type: 'name' }, scope: Scope): Value {
    const value = scope.get(node.name) ?? this.globals.get(node.name)
    if (value) return value
    if (lookup(BUILTIN, node.name)) return { t: 'function', on: BUILTIN, name: node.name, self: null }
    const known = [...scope.keys(), ...this.globals.keys(), ...namesOf(BUILTIN)]
    const guess = didYouMean(node.name, known)
    const hint = guess === '' ? 'una regla usa `df`, `np` y `pd`; los textos van entre comillas' : undefined
    return fail('NAME', `no existe \`${node.name}\`${guess}`, node, hint)
  }

  attribute(value: Value, name: string, span: Span): Value {
    const self = value.t === 'accessor' ? value.of : value
    for (const on of receiversOf(value)) {
      const def = lookup(on, name)
      if (!def) continue
      if (!def.property) return { t: 'function', on, name, self: self.t === 'module' ? null : self }
      refuseInGroup(def, self, span)
      return def.call(new Call(this, def, self, new Map(), [], span))
    }
    if (value.t === 'function' && value.self === null) {
      const nested = `${value.name}.${name}`
      if (lookup(value.on, nested)) return { t: 'function', on: value.on, name: nested, self: null }
      // `str.strip` as a function of one argument.
      if (value.on === BUILTIN && value.name === 'str' && lookup('texto', name))
        return { t: 'function', on: 'texto', name, self: null }
    }
    if (value.t === 'frame' && value.columns.has(name)) return this.columnOf(value, name, span)
    if (value.t === 'group' && value.frame.columns.has(name))
      return { ...value, select: [name], single: true }
    if (value.t === 'package' && value.frames.has(name)) return takeItem(this, value, constant(name), span)
    return noAttribute(value, name, span)
  }

  /** A column of a frame; a base column that is used is a column that is read. */
  columnOf(frame: Frame, name: string, span: Span): Column {
    const column = frame.columns.get(name)
    if (!column)
      return fail(
        'COLUMN',
        `no existe la columna \`${name}\`${didYouMean(name, frame.columns.keys())}`,
        span,
        lookupNames(frame),
      )
    this.mark(column)
    return {
      ...column,
      filter: frame.filter,
      index: frame.index,
      elem: frame.elem,
      partition: frame.partition,
      name,
    }
  }

  /** Every column of a frame, read. */
  columnsOf(frame: Frame, span: Span): Column[] {
    refuseOpen(frame, span)
    return [...frame.columns.keys()].map((name) => this.columnOf(frame, name, span))
  }

  mark(column: Column): void {
    for (const part of column.sql.parts)
      if (typeof part !== 'string' && part.tag === 'col') this.markRef(part)
  }

  private markRef(ref: Pick<ColRef, 'universe' | 'name'>): void {
    const set = this.reads.get(ref.universe) ?? new Set<string>()
    set.add(ref.name)
    this.reads.set(ref.universe, set)
    const source = this.sources.get(`${ref.universe.id}.${ref.name}`)
    if (source) this.markRef(source)
  }

  /** Says that a column of a derived universe is a base column under another name. */
  comesFrom(universe: Universe, name: string, of: Column): void {
    const part = of.sql.parts[0]
    if (of.sql.parts.length === 1 && part !== undefined && typeof part !== 'string' && part.tag === 'col') {
      this.sources.set(`${universe.id}.${name}`, { universe: part.universe, name: part.name })
    }
  }

  private subscript(node: Node & { type: 'subscript' }, scope: Scope): Value {
    const object = this.evaluate(node.object, scope)
    const keys = node.items.map((item) => this.key(item, scope))
    return selectRows(this, object, keys, node)
  }

  private key(
    item: Node | SlicePart,
    scope: Scope,
  ): { span: Span; value: Value } | { span: Span; slice: (Scalar | null)[] } {
    if (item.type !== 'slice') return { span: item, value: this.evaluate(item, scope) }
    const slot = (part: Node | null): Scalar | null => {
      if (!part) return null
      const value = this.evaluate(part, scope)
      if (value.t === 'scalar') return value
      return fail('TYPE', 'los límites del corte deben ser valores', part)
    }
    return { span: item, slice: [slot(item.start), slot(item.stop), slot(item.step)] }
  }

  private invoke(node: Node & { type: 'call' }, scope: Scope): Value {
    const callee = this.evaluate(node.callee, scope)
    const span = node.callee.type === 'attribute' ? node.callee.nameSpan : node.callee
    return this.call(callee, this.argumentsOf(node.args, scope), span)
  }

  private argumentsOf(args: Argument[], scope: Scope): { name: string | null; given: Given }[] {
    return args.map((arg) => ({
      name: arg.name,
      given: { value: this.evaluate(arg.value, scope), span: { from: arg.value.from, to: arg.value.to } },
    }))
  }

  /** Calls a function value. A method taken without its object (`str.strip`) gets it as first argument. */
  call(callee: Value, args: { name: string | null; given: Given }[], span: Span): Value {
    if (callee.t === 'lambda')
      return this.apply(
        callee,
        args.map((arg) => arg.given.value),
        span,
      )
    if (callee.t !== 'function') {
      const hint =
        callee.t === 'column' || callee.t === 'frame'
          ? "las columnas se toman con corchetes: `df['columna']`"
          : undefined
      return fail('CALL', `${describeValue(callee)} no se puede llamar`, span, hint)
    }
    const def = lookup(callee.on, callee.name)
    if (!def) return fail('CALL', `no existe \`${callee.name}\``, span)
    let self = callee.self
    let rest = args
    if (self === null && callee.on === 'texto') {
      self = args[0]?.given.value ?? fail('ARGUMENT', `a \`${callee.name}\` le falta el texto`, span)
      rest = args.slice(1)
    }
    const written = foldCall(callee.on, def.name, self, rest)
    if (written) return written
    if (self) refuseInGroup(def, self, span)
    const bound = bindArguments(def, rest, span)
    const call = new Call(this, def, self ?? callee, bound.given, bound.rest, span, bound.named)
    const value = def.call(call)
    call.refuseUnread()
    return value
  }

  /** Runs a lambda or a function value over values already made: `apply`, `map`, `transform`. */
  apply(callee: Value, values: Value[], span: Span): Value {
    if (callee.t === 'lambda') return this.applyLambda(callee, values, span)
    return this.call(
      callee,
      values.map((value) => ({ name: null, given: { value, span } })),
      span,
    )
  }

  private applyLambda(lambda: Lambda, values: Value[], span: Span): Value {
    if (lambda.params.length !== values.length) {
      return fail(
        'ARGUMENT',
        `la lambda recibe ${lambda.params.length} parámetros y aquí se le da ${values.length}`,
        span,
      )
    }
    const scope = new Map(lambda.scope)
    lambda.params.forEach((param, i) => {
      const value = values[i]
      if (value) scope.set(param, value)
    })
    return this.evaluate(lambda.body, scope)
  }

  private unary(node: Node & { type: 'unary' }, scope: Scope): Value {
    const value = this.evaluate(node.operand, scope)
    const apply = (operand: Operand): Operand => {
      if (node.op === '-') return negate(operand, node)
      if (node.op === '+') return operand
      return invert(operand, node, node.op === 'not')
    }
    if (value.t === 'list' && node.op === 'not') return constant(value.items.length === 0)
    if (value.t === 'frame' && node.op === 'not')
      return fail('TYPE', 'una tabla no es verdadera ni falsa', node, 'usar `.empty` o `len(...)`')
    return vectorize(value, value, node, apply, node.op)
  }

  private boolean(node: Node & { type: 'boolean' }, scope: Scope): Value {
    const left = this.evaluate(node.left, scope)
    const right = this.evaluate(node.right, scope)
    const op = node.op === 'and' ? '&' : '|'
    return vectorize(left, right, node, (a, b) => pythonLogic(op, a, b, node), node.op)
  }

  private comparison(node: Node & { type: 'compare' }, scope: Scope): Value {
    let left = this.evaluate(node.first, scope)
    let result: Value | null = null
    for (const { op, operand } of node.rest) {
      const right = this.evaluate(operand, scope)
      const step = compareValues(this, op, left, right, node, operand)
      result =
        result === null ? step : vectorize(result, step, node, (a, b) => logic('&', a, b, node, true), 'and')
      left = right
    }
    return result ?? left
  }

  private conditional(node: Node & { type: 'conditional' }, scope: Scope): Value {
    const test = this.operand(node.test, scope)
    if (test.t === 'scalar' && test.konst !== undefined) {
      const chosen = test.konst !== null && test.konst !== false && test.konst !== 0 && test.konst !== ''
      return this.evaluate(chosen ? node.yes : node.otherwise, scope)
    }
    const then = this.operand(node.yes, scope)
    const otherwise = this.operand(node.otherwise, scope)
    const condition: Operand = { ...test, kind: 'bool', sql: truth(test, node.test), nulls: 'none' }
    return choose(condition, then, otherwise, node)
  }

  private dictionary(node: Node & { type: 'dict' }, scope: Scope): Value {
    const entries = node.entries.map(({ key, value }) => {
      const k = this.evaluate(key, scope)
      if (k.t !== 'scalar' || k.konst === undefined)
        return fail('TYPE', 'las claves del diccionario deben ser valores escritos', key)
      return { key: k, value: this.evaluate(value, scope) }
    })
    return { t: 'dict', entries }
  }

  private names = 0

  /** A name of our own for what the engine's lambda walks; no text of a rule reaches the SQL. */
  freshName(): string {
    return `e${++this.names}`
  }
}

const isSetLike = (value: Value): boolean => value.t === 'set' || value.t === 'list'
