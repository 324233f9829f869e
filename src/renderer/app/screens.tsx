import { Button } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { Link, Route, Switch } from 'wouter'
import { InicioScreen } from '../features/inicio/inicio-screen'
import { Empty } from '../ui/empty'
import { RowsSkeleton } from '../ui/later'
import { Page } from '../ui/page'
import { useText } from './prefs'

// The editor and the charts weigh more than the rest together: a page brings what it needs.
const CasillasScreen = lazy(() => import('../features/casillas/casillas-screen'))
const NewCasillaScreen = lazy(() => import('../features/casillas/new-casilla-screen'))
const CasillaScreen = lazy(() => import('../features/casillas/casilla-screen'))
const EmisoresScreen = lazy(() => import('../features/emisores/emisores-screen'))
const EjecucionesScreen = lazy(() => import('../features/ejecuciones/ejecuciones-screen'))
const EjecucionScreen = lazy(() => import('../features/ejecuciones/ejecucion-screen'))
const MaterializacionesScreen = lazy(() => import('../features/materializaciones/materializaciones-screen'))
const CargasScreen = lazy(() => import('../features/materializaciones/cargas-screen'))
const MaterializacionScreen = lazy(() => import('../features/materializaciones/materializacion-screen'))
const NuevaMaterializacionScreen = lazy(() => import('../features/materializaciones/asistente/nueva-screen'))
const EditarMaterializacionScreen = lazy(
  () => import('../features/materializaciones/asistente/editar-screen'),
)
const DestinosScreen = lazy(() => import('../features/destinos/destinos-screen'))
const ConsultaScreen = lazy(() => import('../features/consulta/consulta-screen'))
const ProveedoresScreen = lazy(() => import('../features/proveedores/proveedores-screen'))
const NuevoProveedorScreen = lazy(() => import('../features/proveedores/nuevo-screen'))
const ProveedorScreen = lazy(() => import('../features/proveedores/proveedor-screen'))
const CalendarioScreen = lazy(() => import('../features/calendario/calendario-screen'))
const AjustesScreen = lazy(() => import('../features/ajustes/ajustes-screen'))
const SecretosScreen = lazy(() => import('../features/secretos/secretos-screen'))

function NotFound() {
  const { t } = useText()
  return (
    <Page title={t('notFound.title')}>
      <Empty
        text={t('notFound.text')}
        action={
          <Button component={Link} href="/">
            {t('notFound.back')}
          </Button>
        }
      />
    </Page>
  )
}

export function Screens() {
  return (
    <Suspense fallback={<RowsSkeleton />}>
      <Switch>
        <Route path="/" component={InicioScreen} />
        <Route path="/casillas" component={CasillasScreen} />
        <Route path="/casillas/nueva" component={NewCasillaScreen} />
        <Route path="/casillas/emisores" component={EmisoresScreen} />
        <Route path="/casillas/:id/:tab?">
          {(params) => <CasillaScreen key={params.id} id={Number(params.id)} tab={params.tab} />}
        </Route>
        <Route path="/ejecuciones" component={EjecucionesScreen} />
        <Route path="/ejecuciones/:id/:tab?">
          {(params) => <EjecucionScreen key={params.id} id={params.id} tab={params.tab} />}
        </Route>
        <Route path="/materializaciones" component={MaterializacionesScreen} />
        <Route path="/materializaciones/nueva" component={NuevaMaterializacionScreen} />
        <Route path="/materializaciones/cargas" component={CargasScreen} />
        <Route path="/materializaciones/destinos" component={DestinosScreen} />
        <Route path="/materializaciones/consulta" component={ConsultaScreen} />
        <Route path="/materializaciones/:id/editar">
          {(params) => <EditarMaterializacionScreen key={params.id} id={Number(params.id)} />}
        </Route>
        <Route path="/materializaciones/:id/:tab?">
          {(params) => <MaterializacionScreen key={params.id} id={Number(params.id)} tab={params.tab} />}
        </Route>
        <Route path="/proveedores" component={ProveedoresScreen} />
        <Route path="/proveedores/nuevo" component={NuevoProveedorScreen} />
        <Route path="/proveedores/:id/:tab?">
          {(params) => <ProveedorScreen key={params.id} id={Number(params.id)} tab={params.tab} />}
        </Route>
        <Route path="/calendario" component={CalendarioScreen} />
        <Route path="/ajustes" component={AjustesScreen} />
        <Route path="/ajustes/secretos" component={SecretosScreen} />
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  )
}
