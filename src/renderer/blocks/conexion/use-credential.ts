import type { TipoSecreto } from '@shared/model/secreto'
import { useEffect, useRef } from 'react'
import { call } from '../../api/client'

type Valores = Readonly<Record<string, string>>

/** Names of secrets are one of a kind: that of what uses it, with a number when it is taken. */
async function freeName(nombre: string): Promise<string> {
  const { items } = await call('secretos.list', {})
  const taken = new Set(items.map((item) => item.nombre))
  let name = nombre
  for (let n = 2; taken.has(name); n += 1) name = `${nombre} (${n})`
  return name
}

/**
 * Values being written, which go into a secret and nowhere else. To be tested by name they need one before the form is saved: that one is
 * the form's own, and goes with it if it is left. `saved`: the secret that what is edited has already.
 */
export function useCredential(saved: number | null, tipo: TipoSecreto) {
  const own = useRef<{ id: number; written: string } | null>(null)
  useEffect(
    () => () => {
      if (own.current) void call('secretos.remove', { id: own.current.id }).catch(() => undefined)
    },
    [],
  )
  /** The secret that holds what was typed; the saved one when nothing was. */
  const forTest = async (nombre: string, valores: Valores): Promise<number | null> => {
    if (Object.keys(valores).length === 0) return saved
    const written = JSON.stringify(valores)
    if (own.current === null) {
      const made = await call('secretos.create', { nombre: await freeName(nombre), tipo, valores })
      own.current = { id: made.id, written }
    } else if (own.current.written !== written) {
      await call('secretos.update', { id: own.current.id, datos: { valores } })
      own.current.written = written
    }
    return own.current.id
  }
  /** The secret to save with: what was typed takes the place of what was saved. */
  const forSave = async (nombre: string, valores: Valores): Promise<number | null> => {
    if (Object.keys(valores).length === 0 || saved === null) return forTest(nombre, valores)
    await call('secretos.update', { id: saved, datos: { valores } })
    return saved
  }
  /** It was saved: a secret that is now used is no longer the form's. */
  const done = (used: number | null) => {
    if (own.current?.id === used) own.current = null
  }
  return { forTest, forSave, done }
}
