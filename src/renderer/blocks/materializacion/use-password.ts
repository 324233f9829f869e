import { useEffect, useRef, useState } from 'react'
import { call } from '../../api/client'

/** Names of secrets are one of a kind: the destination's own, with a number when it is taken. */
async function freeName(nombre: string): Promise<string> {
  const { items } = await call('secretos.list', {})
  const taken = new Set(items.map((item) => item.nombre))
  let name = nombre
  for (let n = 2; taken.has(name); n += 1) name = `${nombre} (${n})`
  return name
}

/**
 * A password being written, which goes into a secret and nowhere else. To be tested it needs one before the form is saved: that one is
 * the form's own, and goes with it if it is left. `saved`: the secret that what is edited has already.
 */
export function usePassword(saved: number | null) {
  const [typed, setTyped] = useState('')
  const own = useRef<{ id: number; value: string } | null>(null)
  useEffect(
    () => () => {
      if (own.current) void call('secretos.remove', { id: own.current.id }).catch(() => undefined)
    },
    [],
  )
  /** The secret that holds what was typed; the saved one when nothing was. */
  const forTest = async (nombre: string): Promise<number | null> => {
    if (typed === '') return saved
    const valores = { contrasena: typed }
    if (own.current === null) {
      const made = await call('secretos.create', {
        nombre: await freeName(nombre),
        tipo: 'base_datos',
        valores,
      })
      own.current = { id: made.id, value: typed }
    } else if (own.current.value !== typed) {
      await call('secretos.update', { id: own.current.id, datos: { valores } })
      own.current.value = typed
    }
    return own.current.id
  }
  /** The secret to save with: a changed password takes the place of the saved one. */
  const forSave = async (nombre: string): Promise<number | null> => {
    if (typed === '' || saved === null) return forTest(nombre)
    await call('secretos.update', { id: saved, datos: { valores: { contrasena: typed } } })
    return saved
  }
  /** It was saved: a secret that the destination now uses is no longer the form's. */
  const done = (used: number | null) => {
    if (own.current?.id === used) own.current = null
  }
  return { typed, setTyped, forTest, forSave, done, has: saved !== null }
}
