import type { Columna, Control, TipoColumna } from '@shared/model/materializacion'
import type { FieldType } from '@shared/model/schema'
import { useMemo } from 'react'
import { useOp } from '../../../api/hooks'
import { useYamlCheck } from '../../../blocks/use-yaml-check'

/** A column of the accepted records, with the type it has in the YAML where it stands there. */
export interface Field {
  name: string
  tipo: TipoColumna
}

const TYPES: Record<FieldType, TipoColumna> = {
  texto: { tipo: 'texto' },
  entero: { tipo: 'entero' },
  decimal: { tipo: 'decimal', precision: 18, escala: 2 },
  fecha: { tipo: 'fecha' },
  booleano: { tipo: 'booleano' },
}

const UUID_LENGTH = 36

/** The type of what the run itself knows of each row. */
export const CONTROL_TYPES: Record<Control, TipoColumna> = {
  ejecucion: { tipo: 'texto', largo: UUID_LENGTH },
  archivo: { tipo: 'texto' },
  registro: { tipo: 'entero' },
  cargado_en: { tipo: 'fecha_hora', zona: true },
  carga: { tipo: 'texto', largo: UUID_LENGTH },
}

/** Fields that a column can take: those of the YAML, and those that its transformations made, as the proposal names them. */
export function useFields(
  casillaId: number | null,
  catalogo: string,
  columnas: readonly Columna[],
): readonly Field[] {
  const yaml = useOp(
    'casillas.yaml',
    { id: casillaId ?? 1 },
    { enabled: casillaId !== null, staleTime: Number.POSITIVE_INFINITY },
  )
  const { outline } = useYamlCheck(yaml.data?.text, 0)
  return useMemo(() => {
    const found = new Map<string, TipoColumna>()
    for (const { fuente, tipo } of columnas) if (fuente.de === 'campo') found.set(fuente.campo, tipo)
    for (const { name, type } of outline?.catalogs.find(({ id }) => id === catalogo)?.fields ?? [])
      if (!found.has(name)) found.set(name, TYPES[type])
    return [...found].map(([name, tipo]) => ({ name, tipo }))
  }, [columnas, outline, catalogo])
}
