import { Anchor, Breadcrumbs, Text } from '@mantine/core'
import type { TextKey } from '@shared/text'
import { Link, useLocation } from 'wouter'
import { useOp } from '../api/hooks'
import { useText } from './prefs'

const AREAS: Record<string, TextKey> = {
  casillas: 'nav.casillas',
  ejecuciones: 'nav.ejecuciones',
  materializaciones: 'nav.materializaciones',
  proveedores: 'nav.proveedores',
  calendario: 'nav.calendario',
  ajustes: 'nav.ajustes',
}

function CasillaName({ id }: { id: number }) {
  const casilla = useOp('casillas.get', { id })
  return <>{casilla.data?.nombre ?? id}</>
}

function ExecutionName({ id }: { id: string }) {
  const execution = useOp('executions.get', { executionId: id })
  return <>{execution.data?.ejecucion.archivo ?? id.slice(0, 8)}</>
}

function MaterializacionName({ id }: { id: number }) {
  const found = useOp('materializaciones.get', { id })
  return <>{found.data?.nombre ?? id}</>
}

function ProveedorName({ id }: { id: number }) {
  const list = useOp('proveedores.list', {})
  return <>{list.data?.items.find((one) => one.id === id)?.nombre ?? id}</>
}

/** Pages that are not of one thing. */
const PAGES: Record<string, TextKey> = {
  'casillas/nueva': 'casilla.new',
  'casillas/emisores': 'emisores.title',
  'ajustes/secretos': 'secretos.title',
  'proveedores/nuevo': 'proveedor.new',
  'materializaciones/nueva': 'mat.new',
  'materializaciones/cargas': 'cargas.title',
  'materializaciones/destinos': 'destinos.title',
  'materializaciones/consulta': 'consulta.title',
}

/** Where the page stands: area, then the thing by its name. */
export function Breadcrumb() {
  const { t } = useText()
  const [path] = useLocation()
  const [area, item] = path.split('/').filter(Boolean)
  const areaKey = area ? AREAS[area] : 'nav.inicio'
  if (!areaKey) return null
  const last = (children: React.ReactNode) => (
    <Text size="sm" aria-current="page" className="sage-cut" maw={360}>
      {children}
    </Text>
  )
  if (!area || !item) return last(t(areaKey))
  const page = PAGES[`${area}/${item}`]
  return (
    <Breadcrumbs separator="›" separatorMargin={6} component="nav" aria-label={t('frame.breadcrumb')}>
      <Anchor component={Link} href={`/${area}`} size="sm">
        {t(areaKey)}
      </Anchor>
      {last(
        page ? (
          t(page)
        ) : area === 'casillas' ? (
          <CasillaName id={Number(item)} />
        ) : area === 'materializaciones' ? (
          <MaterializacionName id={Number(item)} />
        ) : area === 'proveedores' ? (
          <ProveedorName id={Number(item)} />
        ) : (
          <ExecutionName id={item} />
        ),
      )}
    </Breadcrumbs>
  )
}
