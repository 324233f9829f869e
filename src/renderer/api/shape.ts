/*
 * Whether what comes from outside this window's code is what it should be, for what the bridge did not bring: that was parsed by its
 * schema, and the schemas would bring zod into the window.
 */
export type Is<T> = (value: unknown) => value is T

export const isText: Is<string> = (value) => typeof value === 'string'
export const isFlag: Is<boolean> = (value) => typeof value === 'boolean'
export const isNumber: Is<number> = (value) => typeof value === 'number'

export const orNull =
  <T>(is: Is<T>): Is<T | null> =>
  (value): value is T | null =>
    value === null || is(value)

export const optional =
  <T>(is: Is<T>): Is<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || is(value)

export const listOf =
  <T>(is: Is<T>): Is<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.every(is)

export const oneOf =
  <T extends string>(values: readonly T[]): Is<T> =>
  (value): value is T =>
    values.some((known) => known === value)

/** The fields of what may be anything: none of what is no object. */
export const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** An object whose fields, whatever their names, are all of a kind. */
export const recordOf =
  <T>(is: Is<T>): Is<Record<string, T>> =>
  (value): value is Record<string, T> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(is)

/** What each field has to be. */
export type Shape<T> = { [K in keyof T]-?: Is<T[K]> }

const fits = (shape: object, value: unknown): boolean => {
  const fields = record(value)
  return Object.entries(shape).every(([name, is]) => typeof is === 'function' && is(fields[name]))
}

export const shaped =
  <T>(shape: Shape<T>): Is<T> =>
  (value): value is T =>
    typeof value === 'object' && value !== null && fits(shape, value)

/** One of several kinds, told apart by a field. */
export const tagged =
  <T extends { [K in Tag]: string }, Tag extends keyof T & string>(
    tag: Tag,
    kinds: { [V in T[Tag]]: Shape<Omit<Extract<T, { [K in Tag]: V }>, Tag>> },
  ): Is<T> =>
  (value): value is T => {
    const kind = record(value)[tag]
    const shape = Object.entries<object>(kinds).find(([name]) => name === kind)
    return shape !== undefined && fits(shape[1], value)
  }
