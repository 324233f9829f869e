import type { OperationOutput } from '@shared/contract'
import type { AppErrorData } from '@shared/errors/app-error'
import type { CorreccionMuestra, EsquemaCorregido, MuestraInferida } from '@shared/model/muestra'
import { useCallback, useRef, useState } from 'react'
import { bridge, call, toCallError } from '../../../api/client'
import { kept, useKept } from './kept'
import { mergeSchema, schemaOf, withCorrection } from './sample-draft'

export interface SampleFile {
  token: string
  name: string
  bytes: number
}

export interface SampleState {
  file: SampleFile
  inferida: MuestraInferida
  correcciones: CorreccionMuestra[]
  esquema: EsquemaCorregido
}

export type Trial = OperationOutput<'muestras.probar'> & { yaml: string }

const KEPT_SAMPLE = kept<SampleState | null>(null)
const KEPT_TRIAL = kept<Trial | null>(null)

/** One long question that the person can stop. */
function useLong() {
  const abort = useRef<AbortController | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<AppErrorData | null>(null)
  const run = useCallback(async (work: (signal: AbortSignal) => Promise<void>) => {
    abort.current?.abort()
    const own = new AbortController()
    abort.current = own
    setBusy(true)
    setError(null)
    try {
      await work(own.signal)
    } catch (caught) {
      const { data } = toCallError(caught)
      if (!own.signal.aborted) setError(data)
    } finally {
      if (abort.current === own) setBusy(false)
    }
  }, [])
  const cancel = useCallback(() => {
    abort.current?.abort()
    setBusy(false)
  }, [])
  return { busy, error, run, cancel }
}

/** A sample on its way to a YAML: chosen, read, corrected, tried. */
export function useSample() {
  const [sample, setSample] = useKept(KEPT_SAMPLE)
  const [trial, setTrial] = useKept(KEPT_TRIAL)
  const reading = useLong()
  const trying = useLong()

  const read = (file: SampleFile) =>
    reading.run(async (signal) => {
      const inferida = await call('muestras.inferir', { archivo: { token: file.token } }, signal)
      setTrial(null)
      setSample({ file, inferida, correcciones: [], esquema: schemaOf(inferida) })
    })
  const choose = () =>
    reading.run(async () => {
      const { file } = await call('dialog.chooseFile', { purpose: 'data' })
      if (file) await read(file)
    })
  const drop = (files: File[]) =>
    reading.run(async () => {
      if (files[0]) await read(await bridge().grantFile(files[0]))
    })
  const correct = (origen: string, part: Omit<CorreccionMuestra, 'origen'>) =>
    reading.run(async (signal) => {
      if (!sample) return
      const correcciones = withCorrection(sample.correcciones, origen, part)
      const archivo = { token: sample.file.token }
      const inferida = await call('muestras.inferir', { archivo, correcciones }, signal)
      setSample({ ...sample, inferida, correcciones, esquema: mergeSchema(sample.esquema, inferida) })
    })
  const edit = (change: (esquema: EsquemaCorregido) => EsquemaCorregido) =>
    setSample((before) => (before ? { ...before, esquema: change(before.esquema) } : before))
  const attempt = (yaml: string) =>
    trying.run(async (signal) => {
      if (!sample) return
      const result = await call('muestras.probar', { archivo: { token: sample.file.token }, yaml }, signal)
      setTrial({ ...result, yaml })
    })
  return { sample, reading, choose, drop, correct, edit, trial, trying, attempt }
}

export type SampleWork = ReturnType<typeof useSample>
