import type { materializacionOperations } from '@shared/contract/materializacion-operations'
import type { Estrategia } from '@shared/model/materializacion'
import type { z } from 'zod'
export type Ilustracion = z.output<(typeof materializacionOperations)['materializaciones.ilustrar']['output']>
/**
 * A small picture of what a strategy does to the rows that are there, with made-up values in the mapping's own columns.
 *
 * @param estrategia the strategy of one table
 * @param columnas destination columns of that table, in their order
 * @returns its steps in words and the rows before, of the load, and after; rows that go are apart
 */
export declare function illustrate(estrategia: Estrategia, columnas: readonly string[]): Ilustracion
