import { open, readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { decodeYaml, MAX_YAML_BYTES } from '@engine/sage-yaml'
import { AppError } from '@shared/errors/app-error'

/** The text of a YAML named on the command line. Errors: YAML_NOT_FOUND, YAML_TOO_LARGE and what `decodeYaml` refuses. */
export async function readYamlFile(path: string): Promise<string> {
  const name = basename(path)
  const info = await stat(path).catch((error: unknown) => {
    throw notFound(name, error)
  })
  if (!info.isFile()) throw notFound(name)
  // One byte more than the limit is enough to be told that it is too large.
  const bytes = info.size > MAX_YAML_BYTES ? await head(path, MAX_YAML_BYTES + 1) : await readFile(path)
  const decoded = decodeYaml(bytes)
  if ('text' in decoded) return decoded.text
  const { diagnostic } = decoded
  throw new AppError(diagnostic.code, {
    kind: 'input',
    message: `«${name}»: ${diagnostic.message}`,
    ...(diagnostic.hint ? { hint: diagnostic.hint } : {}),
    details: { diagnostics: [diagnostic] },
  })
}

async function head(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await file.read(buffer, 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const notFound = (name: string, cause?: unknown): AppError =>
  new AppError('YAML_NOT_FOUND', {
    kind: 'input',
    message: `No se encuentra el YAML «${name}».`,
    hint: 'Comprobar la ruta de --yaml.',
    cause,
  })
