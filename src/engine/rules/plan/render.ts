import { type AggRef, depthIn, type QueryRef, type Sql } from './sql'
import type { Universe } from './universe'

export interface RenderOptions {
  /** Condition a record of a catalog must meet to be in the frame at all, over bare column names. */
  baseWhere: (universe: Universe) => string | null
  /** The columns of a catalog that the rule reads. */
  baseColumns: (universe: Universe) => string[]
  /** Quoted name of a catalog's relation. */
  relation: (universe: Universe) => string
}

/** Writes symbolic SQL as text: scan mode (bare columns of one relation, aggregates with FILTER) or query mode (CTEs). */
export class Renderer {
  private readonly ctes: { name: string; body: string }[] = []
  private readonly names = new Map<string, string>()

  constructor(
    readonly options: RenderOptions,
    private readonly mode: 'scan' | 'query',
  ) {}

  text(piece: Sql): string {
    return piece.parts
      .map((part) => {
        if (typeof part === 'string') return part
        if (part.tag === 'col')
          return this.mode === 'scan' ? part.name : `${part.universe.alias}.${part.name}`
        if (part.tag === 'query') return this.query(part)
        return this.mode === 'scan' ? this.scanAggregate(part) : this.aggregate(part)
      })
      .join('')
  }

  private scanAggregate(part: AggRef): string {
    const conditions: string[] = []
    const base = this.options.baseWhere(part.universe)
    if (base !== null) conditions.push(base)
    if (part.filter) conditions.push(this.text(part.filter))
    const call = this.text(part.call)
    if (conditions.length === 0) return call
    return `${call} FILTER (WHERE ${conditions.map((c) => `(${c})`).join(' AND ')})`
  }

  private aggregate(part: AggRef): string {
    const depth = Math.max(
      depthIn(part.call, part.universe),
      part.filter ? depthIn(part.filter, part.universe) : 0,
    )
    const where = part.filter ? ` WHERE ${this.text(part.filter)}` : ''
    return `(SELECT ${this.text(part.call)} FROM ${this.from(part.universe, depth)}${where})`
  }

  private query(part: QueryRef): string {
    const depth = Math.max(
      depthIn(part.select, part.universe),
      part.where ? depthIn(part.where, part.universe) : 0,
    )
    const where = part.where ? ` WHERE ${this.text(part.where)}` : ''
    return `(SELECT ${part.distinct ? 'DISTINCT ' : ''}${this.text(part.select)} FROM ${this.from(part.universe, depth)}${where})`
  }

  /** `relation AS alias`, with every stage of the universe up to `depth`. */
  from(universe: Universe, depth = universe.maxDepth): string {
    return `${this.source(universe, Math.min(depth, universe.maxDepth))} AS ${universe.alias}`
  }

  private source(universe: Universe, depth: number): string {
    if (depth === 0 && universe.spec && this.options.baseWhere(universe) === null)
      return this.options.relation(universe)
    const name = `_s${universe.id}_${depth}`
    if (this.names.has(name)) return name
    const body = depth === 0 ? this.ground(universe) : this.stage(universe, depth)
    this.names.set(name, name)
    this.ctes.push({ name, body })
    return name
  }

  private ground(universe: Universe): string {
    if (universe.body) return universe.body(this)
    const where = this.options.baseWhere(universe)
    const columns = ['_rec', ...this.options.baseColumns(universe)].join(', ')
    return `SELECT ${columns} FROM ${this.options.relation(universe)}${where === null ? '' : ` WHERE ${where}`}`
  }

  private stage(universe: Universe, depth: number): string {
    const columns = [depth === 1 && universe.spec ? this.narrow(universe) : `${universe.alias}.*`]
    const joins: string[] = []
    for (const lift of universe.lifts) {
      if (lift.depth !== depth) continue
      if (!lift.join) {
        columns.push(`${this.text(lift.expression)} AS ${lift.name}`)
        continue
      }
      const alias = `_j${universe.id}_${lift.name}`
      const on = lift.join.on
        .map((pair) => `${alias}.${pair.column} = ${this.text(pair.value)}`)
        .join(' AND ')
      joins.push(` LEFT JOIN (${lift.join.source(this)}) AS ${alias} ON ${on}`)
      columns.push(`${alias}.${lift.join.column} AS ${lift.name}`)
    }
    return `SELECT ${columns.join(', ')} FROM ${this.source(universe, depth - 1)} AS ${universe.alias}${joins.join('')}`
  }

  private narrow(universe: Universe): string {
    return ['_rec', ...this.options.baseColumns(universe)]
      .map((name) => `${universe.alias}.${name}`)
      .join(', ')
  }

  /** The whole statement. */
  statement(select: string): string {
    if (this.ctes.length === 0) return select
    return `WITH ${this.ctes.map((cte) => `${cte.name} AS (${cte.body})`).join(', ')} ${select}`
  }
}
