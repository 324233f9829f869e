import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { node24, ROOT, toolEnv } from '../../lib/paths.mjs'

const WORKER = join(ROOT, 'scripts', 'bench', 'materializacion', 'postgres.mjs')

function worker(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node24(), ['--no-warnings', WORKER, ...args.map(String)], {
      ...{ cwd: ROOT, env: toolEnv(env), stdio: ['ignore', 'pipe', 'inherit'] },
    })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve(JSON.parse(text.trim().split('\n').at(-1)))
      else reject(new Error(`La medida de PostgreSQL terminó con ${code}`))
    })
  })
}

/** `npm run bench -- materializacion`: rows into a local PostgreSQL, against psql in the same run. */
export async function materializacion({ dir, out, rows, runs }) {
  const result = await worker([join(dir, 'materializacion'), rows, runs], { SAGE_BENCH_OUT: out })
  const { copy, append, handUpsert, upsert } = result.best
  for (const [name, ours, plain] of [
    ['APPEND', append, copy],
    ['UPSERT', upsert, handUpsert],
  ])
    if (ours.sum !== plain.sum)
      throw new Error(`${name} no dejó las mismas filas: ${ours.sum} y ${plain.sum}`)
  const tool = result.psql ? 'psql' : 'COPY del controlador (sin psql)'
  const line = (name, one, floor) =>
    `| ${name} | ${one.seconds.toFixed(2)} | ${Math.round(rows / one.seconds).toLocaleString('es')} | ${floor ? (floor.seconds / one.seconds).toFixed(2) : ''} |`
  const phases = ({ phases: all }) =>
    all
      .filter(([, seconds]) => seconds >= 0.05)
      .map(([what, seconds]) => `${what} ${seconds.toFixed(2)}`)
      .join(', ')
  return [
    '',
    `### PostgreSQL ${result.version}: ${rows.toLocaleString('es')} filas de 20 columnas, ${Math.round(result.csvBytes / 1e6)} MB de CSV, lo mejor de ${runs}`,
    '',
    '| medida | segundos | filas/s | × la referencia |',
    '| --- | ---: | ---: | ---: |',
    line(`${tool}: COPY`, copy),
    line('SAGE: APPEND', append, copy),
    line(`${tool}: COPY a una tabla temporal e INSERT … ON CONFLICT`, handUpsert),
    line('SAGE: UPSERT (la mitad nuevas)', upsert, handUpsert),
    '',
    `Pasos de APPEND (s): ${phases(append)}. De UPSERT: ${phases(upsert)}. Memoria máxima del motor: ${result.rssMb} MB.`,
  ].join('\n')
}
