import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { node24, ROOT, toolEnv } from '../../lib/paths.mjs'

function worker(name, args, env) {
  const file = join(ROOT, 'scripts', 'bench', 'materializacion', `${name}.mjs`)
  return new Promise((resolve, reject) => {
    const child = spawn(node24(), ['--no-warnings', file, ...args.map(String)], {
      ...{ cwd: ROOT, env: toolEnv(env), stdio: ['ignore', 'pipe', 'inherit'] },
    })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve(JSON.parse(text.trim().split('\n').at(-1)))
      else reject(new Error(`La medida «${name}» terminó con ${code}`))
    })
  })
}

const row = (name, one, rows, floor) =>
  `| ${name} | ${one.seconds.toFixed(2)} | ${Math.round(rows / one.seconds).toLocaleString('es')} | ${floor ? (floor.seconds / one.seconds).toFixed(2) : ''} |`
const HEAD = ['', '| medida | segundos | filas/s | × la referencia |', '| --- | ---: | ---: | ---: |']

/** `npm run bench -- materializacion`: rows into a local PostgreSQL and into files, against psql and DuckDB's COPY in the same run. */
export async function materializacion({ dir, out, rows, runs }) {
  const env = { SAGE_BENCH_OUT: out }
  const size = `${rows.toLocaleString('es')} filas de 20 columnas, lo mejor de ${runs}`
  const base = await worker('postgres', [join(dir, 'postgres'), rows, runs], env)
  const files = await worker('archivos', [join(dir, 'archivos'), rows, runs], env)
  return [
    '',
    `### PostgreSQL ${base.version}: ${size}, ${Math.round(base.csvBytes / 1e6)} MB de CSV`,
    ...inPostgres(base, rows),
    '',
    `### Archivos: ${size}`,
    ...inFiles(files, rows),
  ].join('\n')
}

function inPostgres({ best, psql, rssMb }, rows) {
  const { copy, append, handUpsert, upsert } = best
  for (const [name, ours, plain] of [
    ['APPEND', append, copy],
    ['UPSERT', upsert, handUpsert],
  ])
    if (ours.sum !== plain.sum)
      throw new Error(`${name} no dejó las mismas filas: ${ours.sum} y ${plain.sum}`)
  const tool = psql ? 'psql' : 'COPY del controlador (sin psql)'
  const phases = ({ phases: all }) =>
    all
      .filter(([, seconds]) => seconds >= 0.05)
      .map(([what, seconds]) => `${what} ${seconds.toFixed(2)}`)
      .join(', ')
  return [
    ...HEAD,
    row(`${tool}: COPY`, copy, rows),
    row('SAGE: APPEND', append, rows, copy),
    row(`${tool}: COPY a una tabla temporal e INSERT … ON CONFLICT`, handUpsert, rows),
    row('SAGE: UPSERT (la mitad nuevas)', upsert, rows, handUpsert),
    '',
    `Pasos de APPEND (s): ${phases(append)}. De UPSERT: ${phases(upsert)}. Memoria máxima del motor: ${rssMb} MB.`,
  ]
}

const inFiles = ({ best, rssMb }, rows) => [
  ...HEAD,
  ...['parquet', 'csv'].flatMap((tipo) => [
    row(`DuckDB: COPY a ${tipo}`, best[`copy_${tipo}`], rows),
    row(`SAGE: FULL en ${tipo}`, best[`full_${tipo}`], rows, best[`copy_${tipo}`]),
    row(`SAGE: UPSERT en ${tipo}`, best[`upsert_${tipo}`], rows, best[`copy_${tipo}`]),
  ]),
  '',
  `Memoria máxima del motor: ${rssMb} MB.`,
]
