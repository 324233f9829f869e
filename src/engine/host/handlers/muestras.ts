import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { inferSample, sampleYaml, tryDraft } from '@engine/muestras'
import type { Settings } from '@engine/settings'
import type { EngineHandlers } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'

const MIB = 1024 * 1024

type SampleOps = Extract<keyof EngineHandlers, `muestras.${string}`>

/** A token that main did not turn into a path names nothing here. */
function pathOf(archivo: { token: string } | { path: string }): string {
  if ('path' in archivo) return archivo.path
  throw new AppError('GRANT_UNKNOWN', {
    kind: 'auth',
    message: 'El archivo elegido ya no está disponible.',
    hint: 'Volver a elegir la muestra.',
  })
}

export function sampleHandlers({
  settings,
  dataDir,
}: {
  settings: Settings
  dataDir: string
}): Pick<EngineHandlers, SampleOps> {
  const workRoot = join(dataDir, 'muestras')
  // What an engine that died in the middle left; this data folder is ours alone.
  rmSync(workRoot, { recursive: true, force: true })
  const place = () => ({
    workRoot,
    memoryLimit: settings.get('memoryLimitMb') * MIB,
  })
  return {
    'muestras.inferir': ({ archivo, correcciones }, { signal }) =>
      inferSample({ path: pathOf(archivo), corrections: correcciones, signal, ...place() }),
    'muestras.yaml': ({ esquema }) => ({ yaml: sampleYaml(esquema) }),
    'muestras.probar': ({ archivo, yaml }, { signal }) =>
      tryDraft({ path: pathOf(archivo), yaml, signal, ...place() }),
  }
}
