import { type ContractBench, tableOf } from './support.fixture'
import { type VolumeTarget, volumeTypes } from './volume-load.fixture'

/** The table `ventas` of a SQL destination. */
export function sqlVolume(bench: ContractBench): VolumeTarget {
  const { target } = bench
  const tabla = tableOf(volumeTypes(target.has.digits), { tipo: 'upsert', clave: ['id'] })
  return {
    load: (exprs, rows) => bench.load([{ tabla, source: bench.series(tabla, exprs, rows) }]),
    async read() {
      const session = await bench.session()
      const from = session.dialect.table({ esquema: session.esquema, tabla: tabla.tabla })
      const [[count, sum] = []] = await target.read(`SELECT count(*), sum(monto) FROM ${from}`)
      return { count: Number(count), sum: Number(sum) }
    },
  }
}
