import type { Node } from './syntax/ast'

/**
 * A second reading of the core of the rule language: it walks the tree over plain rows, cell by cell, with the meaning that
 * SAGE_YAML.md gives (which is pandas'), and shares nothing with the compiler but the tree. It is slow, small and only for tests.
 */
export type Cell = string | number | boolean | Date | null
type Vector = Cell[]
type Thing = Vector | Cell | Cell[][] | Method
interface Method {
  of: Vector
  name: string
}

export type Rows = Record<string, Vector>

const isVector = (thing: unknown): thing is Vector => Array.isArray(thing)

class Rowwise {
  constructor(
    private readonly rows: Rows,
    private readonly size: number,
  ) {}

  /** Which rows pass: a null or anything that is not true does not. */
  passes(node: Node): boolean[] {
    return this.vector(node).map((cell) => cell === true)
  }

  private vector(node: Node): Vector {
    const value = this.eval(node)
    if (isVector(value)) return value.map(cell)
    return Array.from({ length: this.size }, () => cell(value))
  }

  private zip(a: Vector, b: Vector, fn: (x: Cell, y: Cell) => Cell): Vector {
    return a.map((x, i) => fn(x, b[i] ?? null))
  }

  private eval(node: Node): Thing {
    switch (node.type) {
      case 'literal':
        return typeof node.value === 'bigint' ? Number(node.value) : node.value
      case 'subscript':
        return this.subscript(node)
      case 'arithmetic':
        return this.zip(this.vector(node.left), this.vector(node.right), (x, y) => arithmetic(node.op, x, y))
      case 'logic':
        return this.logic(node.op, node.left, node.right)
      case 'boolean':
        return this.logic(node.op === 'and' ? '&' : '|', node.left, node.right)
      case 'unary':
        return this.vector(node.operand).map((x) =>
          node.op === '-' ? (typeof x === 'number' ? -x : null) : node.op === '+' ? x : x !== true,
        )
      case 'compare':
        return this.comparison(node)
      case 'call':
        return this.call(node)
      case 'attribute':
        return this.attribute(node)
      case 'sequence':
        return node.items.map((item) => cell(this.eval(item)))
      default:
        throw new Error(`the interpreter does not know ${node.type}`)
    }
  }

  private logic(op: string, left: Node, right: Node): Vector {
    return this.zip(this.vector(left), this.vector(right), (x, y) => {
      // A missing value on the left of `|` makes the whole missing, as pandas does; a comparison is never missing.
      if (op === '|') return x === null ? false : x === true || y === true
      return op === '&' ? x === true && y === true : (x === true) !== (y === true)
    })
  }

  private comparison(node: Node & { type: 'compare' }): Vector {
    let left = this.vector(node.first)
    let out: Vector | null = null
    for (const { op, operand } of node.rest) {
      const right = this.vector(operand)
      const step = this.zip(left, right, (x, y) => compared(op, x, y))
      out = out === null ? step : this.zip(out, step, (x, y) => x === true && y === true)
      left = right
    }
    return out ?? left
  }

  private subscript(node: Node & { type: 'subscript' }): Thing {
    const [item] = node.items
    if (!item) throw new Error('no key')
    if (node.object.type === 'name' && item.type === 'literal') return this.rows[String(item.value)] ?? []
    // `.str[a:b]` and `.str[i]`
    const texts = this.vector(node.object)
    if (item.type === 'slice') {
      const [start, stop] = [bound(item.start), bound(item.stop)]
      return texts.map((x) => (typeof x === 'string' ? [...x].slice(start, stop).join('') : null))
    }
    const at = bound(item) ?? 0
    return texts.map((x) => (typeof x === 'string' ? ([...x].at(at) ?? null) : null))
  }

  private attribute(node: Node & { type: 'attribute' }): Thing {
    const of = this.vector(node.object)
    if (node.name === 'str' || node.name === 'dt') return of
    const parts: Record<string, (d: Date) => number> = {
      year: (d) => d.getUTCFullYear(),
      month: (d) => d.getUTCMonth() + 1,
      day: (d) => d.getUTCDate(),
      dayofweek: (d) => (d.getUTCDay() + 6) % 7,
      quarter: (d) => Math.floor(d.getUTCMonth() / 3) + 1,
    }
    const part = parts[node.name]
    if (part) return of.map((x) => (x instanceof Date ? part(x) : null))
    return { of, name: node.name }
  }

  private call(node: Node & { type: 'call' }): Thing {
    const args = node.args.map((arg) => this.eval(arg.value))
    const named = new Map(node.args.flatMap((arg, i) => (arg.name ? [[arg.name, args[i]] as const] : [])))
    const { callee } = node
    if (callee.type === 'attribute' && callee.object.type === 'name' && callee.object.name === 'np')
      return this.numpy(callee.name, args)
    const method = this.eval(callee)
    if (method === null || typeof method !== 'object' || !('name' in method)) throw new Error('not a method')
    return this.method(method, args, named)
  }

  private numpy(name: string, args: Thing[]): Vector {
    const [a, b, c] = args.map((arg) => this.spread(arg))
    if (name === 'where' && a && b && c)
      return a.map((x, i) => (x === true ? (b[i] ?? null) : (c[i] ?? null)))
    if (name === 'abs' && a) return a.map((x) => (typeof x === 'number' ? Math.abs(x) : null))
    throw new Error(`np.${name}`)
  }

  private spread(thing: Thing | undefined): Vector {
    return isVector(thing) ? thing.map(cell) : Array.from({ length: this.size }, () => cell(thing ?? null))
  }

  private method({ of, name }: Method, args: Thing[], named: Map<string, Thing | undefined>): Thing {
    const [first, second] = args
    const text = (fn: (x: string) => Cell): Vector => of.map((x) => (typeof x === 'string' ? fn(x) : null))
    const numbers = of.filter((x): x is number => typeof x === 'number')
    const other = (): Vector => this.spread(first)
    switch (name) {
      case 'isnull':
        return of.map((x) => x === null)
      case 'notna':
        return of.map((x) => x !== null)
      case 'fillna':
        return this.zip(of, other(), (x, y) => x ?? y)
      case 'isin':
        return of.map((x) => x !== null && isVector(first) && first.some((one) => same(x, cell(one))))
      case 'between': {
        const kind = String(named.get('inclusive') ?? 'both')
        const [low, high] = [this.spread(first), this.spread(second)]
        return of.map((x, i) => {
          const above = compared(kind === 'both' || kind === 'left' ? '>=' : '>', x, low[i] ?? null)
          const below = compared(kind === 'both' || kind === 'right' ? '<=' : '<', x, high[i] ?? null)
          return above === true && below === true
        })
      }
      case 'abs':
        return of.map((x) => (typeof x === 'number' ? Math.abs(x) : null))
      case 'clip': {
        const [low, high] = [this.spread(first), this.spread(second)]
        return of.map((x, i) =>
          typeof x === 'number' ? Math.min(Math.max(x, Number(low[i])), Number(high[i])) : null,
        )
      }
      case 'where':
        return of.map((x, i) => (other()[i] === true ? x : null))
      case 'shift':
        return of.map((_, i) => of[i - 1] ?? null)
      case 'duplicated':
        return of.map((x, i) => of.slice(0, i).some((y) => same(x, y) || (x === null && y === null)))
      case 'cumsum': {
        const upTo = (i: number): number =>
          of.slice(0, i + 1).reduce<number>((sum, x) => (typeof x === 'number' ? sum + x : sum), 0)
        return of.map((x, i) => (typeof x === 'number' ? upTo(i) : null))
      }
      case 'sum':
        return numbers.reduce((a, b) => a + b, 0)
      case 'max':
        return numbers.length > 0 ? Math.max(...numbers) : null
      case 'count':
        return of.filter((x) => x !== null).length
      case 'nunique':
        return new Set(of.filter((x) => x !== null).map((x) => (x instanceof Date ? x.getTime() : x))).size
      case 'len':
        return text((x) => [...x].length)
      case 'upper':
        return text((x) => x.toUpperCase())
      case 'lower':
        return text((x) => x.toLowerCase())
      case 'strip':
        return text((x) => x.trim())
      case 'startswith':
        return text((x) => x.startsWith(String(first)))
      case 'contains':
        return text((x) => x.includes(String(first)))
      case 'isdigit':
        return text((x) => /^\d+$/.test(x))
      default:
        throw new Error(name)
    }
  }
}

function cell(thing: unknown): Cell {
  if (thing === null || thing === undefined) return null
  if (typeof thing === 'number') return Number.isNaN(thing) ? null : thing
  if (typeof thing === 'string' || typeof thing === 'boolean' || thing instanceof Date) return thing
  throw new Error('not a cell')
}

function bound(node: Node | null): number | undefined {
  if (!node) return undefined
  if (node.type === 'literal') return Number(node.value)
  if (node.type === 'unary' && node.operand.type === 'literal') return -Number(node.operand.value)
  throw new Error('not a bound')
}

const order = (x: Cell): string | number =>
  x instanceof Date ? x.getTime() : typeof x === 'boolean' ? Number(x) : (x ?? 0)
const same = (x: Cell, y: Cell): boolean => x !== null && y !== null && order(x) === order(y)

function compared(op: string, x: Cell, y: Cell): boolean {
  if (op === '!=') return !same(x, y)
  if (x === null || y === null) return false
  const [a, b] = [
    order(x),
    order(typeof y === 'string' && x instanceof Date ? new Date(`${y}T00:00:00Z`) : y),
  ]
  if (op === '==') return a === b
  if (op === '<') return a < b
  if (op === '<=') return a <= b
  return op === '>' ? a > b : a >= b
}

function arithmetic(op: string, x: Cell, y: Cell): Cell {
  if (typeof x === 'string' && typeof y === 'string' && op === '+') return x + y
  const [a, b] = [x, y].map((one) => (typeof one === 'boolean' ? Number(one) : one))
  if (typeof a !== 'number' || typeof b !== 'number') return null
  const value = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '/': a / b,
    '//': Math.floor(a / b),
    '%': a - Math.floor(a / b) * b,
  }[op]
  return value === undefined || Number.isNaN(value) ? null : value
}

/** Which of the rows pass a rule. */
export function interpret(tree: Node, rows: Rows): boolean[] {
  const size = Object.values(rows)[0]?.length ?? 0
  return new Rowwise(rows, size).passes(tree)
}
