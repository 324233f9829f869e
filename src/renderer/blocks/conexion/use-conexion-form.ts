import { useState } from 'react'
import { useWork } from './use-work'

/** What every form of a connection keeps: which fields were left or tried while wrong, its test, and what is under way. */
export function useConexionForm<Prueba, Campo extends string>(
  faults: readonly Campo[],
  idOf: (campo: Campo) => string,
) {
  const [left, setLeft] = useState<ReadonlySet<Campo>>(new Set())
  const [tried, setTried] = useState(false)
  const [prueba, setPrueba] = useState<Prueba | null>(null)
  const { busy, error, setError, during } = useWork<'probar' | 'guardar'>()
  const mended = () => {
    setError(null)
    setPrueba(null)
  }
  return {
    ...{ busy, error, prueba, setPrueba, tried },
    /** What was refused or tested is another thing now. */
    mended,
    /** As it was before anything was entered. */
    reset: () => {
      mended()
      setTried(false)
      setLeft(new Set())
    },
    /** Where something is wrong the first of it takes the focus instead. */
    work: async (what: 'probar' | 'guardar', run: () => Promise<void>) => {
      setTried(true)
      const [first] = faults
      if (first) document.getElementById(idOf(first))?.focus()
      else await during(what, run)
    },
    /** Whether a field may already be told that it is wrong. */
    isTold: (campo: Campo) => tried || left.has(campo),
    leave: (campo: Campo) => setLeft((before) => new Set([...before, campo])),
  }
}
