import type { FrameSpec } from '../types'
import type { Renderer } from './render'
import { col, depthIn, type Sql, sql } from './sql'
import type { Kind } from './values'

let counter = 0

interface Lift {
  name: string
  depth: number
  expression: Sql
  /** The same on all the records of a group. */
  constant?: boolean
  /** A left join on a keyed query instead of an expression. */
  join?: { source: (r: Renderer) => string; on: { column: string; value: Sql }[]; column: string }
}

/** How rows of a derived universe answer for records of a catalog. */
export interface Origin {
  universe: Universe
  filter: Sql | null
  /** Key expressions over the origin, and the columns of the derived universe they equal. */
  keys: { from: Sql; column: string }[]
}

/**
 * A set of rows that columns share: a catalog, or one derived from others (groups, a merge, distinct values). Window
 * results and lookups are *lifted*: they become columns of a later stage, so that any expression over them stays simple.
 */
export class Universe {
  readonly id = ++counter
  readonly lifts: Lift[] = []
  private readonly liftKeys = new Map<string, Sql>()
  /** Columns that say the order of the rows. */
  order: Sql[] = []
  origin: Origin | null = null
  /** Kinds of the keys, of a grouped universe. */
  keyKinds: Kind[] = []
  /** Kinds of expressions used as labels (`set_index`), by their key. */
  private readonly labelKinds = new Map<string, Kind>()

  /** Says the kind of an expression that is used as a label. */
  labelled(piece: Sql, kind: Kind): void {
    this.labelKinds.set(piece.key, kind)
  }

  /** Kind of the label at a position of an index, when known. */
  labelKind(index: readonly Sql[], at: number): Kind | undefined {
    const piece = index[at]
    return (piece && this.labelKinds.get(piece.key)) ?? this.keyKinds[at]
  }
  /** The catalog whose `_rec` this universe carries, when it does. */
  recordsOf: Universe | null = null

  private constructor(
    readonly spec: FrameSpec | null,
    readonly body: ((r: Renderer) => string) | null,
  ) {}

  static base(spec: FrameSpec): Universe {
    const universe = new Universe(spec, null)
    universe.order = [col(universe, '_rec')]
    universe.recordsOf = universe
    return universe
  }

  static derived(body: (r: Renderer) => string): Universe {
    return new Universe(null, body)
  }

  /** Makes `expression` (a window, a subquery...) a column of the next stage. */
  lift(expression: Sql, constant = false): Sql {
    return this.add(expression.key, { name: '', depth: depthIn(expression, this) + 1, expression, constant })
  }

  /** A computed column that is the same on all the records of a group. */
  isConstant(name: string): boolean {
    return this.lifts.some((lift) => lift.name === name && lift.constant === true)
  }

  /** A column of a keyed query, joined on equality of keys. */
  lookup(
    key: string,
    source: (r: Renderer) => string,
    on: { column: string; value: Sql }[],
    column: string,
  ): Sql {
    const depth = Math.max(...on.map((pair) => depthIn(pair.value, this))) + 1
    const where = on.map((pair) => `${pair.column}=${pair.value.key}`).join('&')
    return this.add(`${key}|${where}|${column}`, {
      name: '',
      depth,
      expression: sql``,
      join: { source, on, column },
    })
  }

  private add(key: string, lift: Lift): Sql {
    const known = this.liftKeys.get(key)
    if (known) return known
    lift.name = `w${this.lifts.length + 1}`
    this.lifts.push(lift)
    const ref = col(this, lift.name, lift.depth)
    this.liftKeys.set(key, ref)
    return ref
  }

  get maxDepth(): number {
    return this.lifts.reduce((max, lift) => Math.max(max, lift.depth), 0)
  }

  get alias(): string {
    return `_u${this.id}`
  }
}

/** Ids restart with every rule, so the same rule always gives the same SQL. */
export function restartUniverses(): void {
  counter = 0
}
