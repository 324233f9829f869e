import { open, realpath } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { type MainHandlers, type MainOperationName, type OperationName, operations } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import { app, type BrowserWindow, clipboard, dialog, shell } from 'electron'
import { isInside } from './app-protocol'
import type { Grants } from './grants'
import type { PreferenceFile } from './preferences'
import type { EngineSupervisor } from './supervision/supervisor'

const MAX_TEXT_BYTES = 50 * 1024 * 1024
/** What an execution leaves for people to open. Anything else in its folder is not opened with the system's programs. */
const OPENABLE = new Set(['', '.html', '.txt', '.json', '.csv', '.yaml'])

/** Folder of the data where the engine leaves what a person exports. */
const EXPORTS = 'exportaciones'

const FILTERS = {
  data: [
    { name: 'Datos', extensions: ['zip', 'csv', 'txt', 'gz', 'xlsx', 'xls', 'parquet', 'jsonl'] },
    { name: 'Todos los archivos', extensions: ['*'] },
  ],
  yaml: [
    { name: 'SAGE YAML', extensions: ['yaml', 'yml'] },
    { name: 'Todos los archivos', extensions: ['*'] },
  ],
  database: [
    { name: 'Bases de datos', extensions: ['sqlite', 'sqlite3', 'db', 'duckdb', 'ddb'] },
    { name: 'Todos los archivos', extensions: ['*'] },
  ],
}

export interface MainHandlerOptions {
  window: () => BrowserWindow | null
  grants: Grants
  supervisor: EngineSupervisor
  dataDir: string
  engineHost: 'utility' | 'child'
  preferences: PreferenceFile
}

/** @throws AppError FILE_TOO_LARGE, FILE_NOT_TEXT */
async function readText(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > MAX_TEXT_BYTES) {
      throw new AppError('FILE_TOO_LARGE', { kind: 'input', message: `«${basename(path)}» pasa de 50 MB.` })
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile())
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new AppError('FILE_NOT_TEXT', {
      kind: 'input',
      message: `«${basename(path)}» no es un texto en UTF-8.`,
      hint: 'Guardarlo con codificación UTF-8 y volver a abrirlo.',
    })
  } finally {
    await file.close()
  }
}

function createMainHandlers({
  window,
  grants,
  supervisor,
  dataDir,
  engineHost,
  preferences,
}: MainHandlerOptions): MainHandlers {
  return {
    'dialog.chooseFile': async ({ purpose }) => {
      const parent = window()
      const options = { properties: ['openFile' as const], filters: FILTERS[purpose] }
      const chosen = await (parent === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(parent, options))
      const path = chosen.filePaths[0]
      return { file: chosen.canceled || path === undefined ? null : await grants.add(path) }
    },
    'dialog.chooseFolder': async () => {
      const parent = window()
      const options = { properties: ['openDirectory' as const, 'createDirectory' as const] }
      const chosen = await (parent === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(parent, options))
      const path = chosen.filePaths[0]
      return { carpeta: chosen.canceled || path === undefined ? null : await grants.addFolder(path) }
    },
    'app.preferences.get': () => preferences.get(),
    'app.preferences.set': (change) => preferences.set(change),
    'files.readText': async ({ token }) => {
      const path = grants.pathOf(token)
      return { name: basename(path), text: await readText(path) }
    },
    'shell.openArtifact': async (input) => {
      const { output } = operations['executions.artifactPath']
      const { path } = output.parse(await supervisor.call('executions.artifactPath', input))
      await openInside(dataDir, path)
      return { ok: true }
    },
    'shell.showExport': async ({ archivo }) => {
      await showInside(join(dataDir, EXPORTS), archivo)
      return { ok: true }
    },
    'clipboard.write': ({ text }) => {
      clipboard.writeText(text)
      return { ok: true }
    },
    'app.info': () => ({
      version: app.getVersion(),
      electron: process.versions.electron ?? '',
      chrome: process.versions.chrome ?? '',
      platform: process.platform,
      engine: engineHost,
      development: !app.isPackaged,
    }),
    'engine.restart': async () => {
      await supervisor.restart()
      return { ok: true }
    },
  }
}

/** Shows a file of a folder where it lies: links are followed before looking where that is. */
async function showInside(dir: string, name: string): Promise<void> {
  const [base, file] = await Promise.all([realpath(dir), realpath(join(dir, name))]).catch(() => {
    throw new AppError('EXPORT_MISSING', {
      kind: 'not-found',
      message: `«${name}» ya no está en la carpeta de exportaciones.`,
      hint: 'Exportar otra vez.',
    })
  })
  if (!isInside(base, file)) {
    throw new AppError('FORBIDDEN', { kind: 'auth', message: 'Solo se muestran los archivos exportados.' })
  }
  shell.showItemInFolder(file)
}

/** Opens with the system's program what lies in the data folder: links are followed before looking where it is. */
async function openInside(dataDir: string, path: string): Promise<void> {
  const [base, file] = await Promise.all([realpath(dataDir), realpath(path)]).catch(() => {
    throw new AppError('ARTIFACT_MISSING', {
      kind: 'not-found',
      message: 'El archivo de la ejecución ya no está en la carpeta de datos.',
    })
  })
  if (!isInside(base, file) || !OPENABLE.has(extname(file).toLowerCase())) {
    throw new AppError('FORBIDDEN', { kind: 'auth', message: 'Solo se abren los archivos de una ejecución.' })
  }
  const failure = await shell.openPath(file)
  if (failure !== '') {
    throw new AppError('OPEN_FAILED', {
      kind: 'terminal',
      message: `El sistema no pudo abrir «${basename(file)}»: ${failure}`,
      hint: `Abrirlo a mano: ${file}`,
    })
  }
}

/** Parses the input of an operation of main and answers it. */
export function answerMain(
  options: MainHandlerOptions,
): (op: OperationName, input: unknown) => Promise<unknown> {
  const handlers = createMainHandlers(options)
  return async (op, input) => {
    const parsed = operations[op].input.safeParse(input)
    if (!parsed.success) {
      throw new AppError('INPUT_INVALID', {
        kind: 'input',
        message: `La petición ${op} no es válida: ${parsed.error.issues[0]?.message ?? ''}`,
      })
    }
    if (!Object.hasOwn(handlers, op))
      throw new AppError('UNKNOWN_OPERATION', { kind: 'bug', message: `Falta ${op}.` })
    // Parsed by this operation's own schema one line above, which is what the handler's type says.
    const handler = handlers[op as MainOperationName] as (
      input: unknown,
      context: { signal: AbortSignal },
    ) => unknown
    return handler(parsed.data, { signal: new AbortController().signal })
  }
}
