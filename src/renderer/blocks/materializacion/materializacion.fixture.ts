import type { Materializacion } from '@shared/model/materializacion'

/** A materialization that is well, with what the test is about. */
export const materializacion = (part: Partial<Materializacion> = {}): Materializacion => ({
  id: 1,
  nombre: 'Ventas',
  descripcion: '',
  casillaId: 1,
  casillaNombre: 'Norte',
  destinoId: 2,
  destinoNombre: 'Almacén',
  destinoTipo: 'postgres',
  activa: true,
  automatica: false,
  config: {
    version: 1,
    tablas: [
      {
        catalogo: 'ventas',
        esquema: null,
        tabla: 'ventas',
        columnas: [
          {
            nombre: 'codigo',
            fuente: { de: 'campo', campo: 'codigo' },
            tipo: { tipo: 'texto' },
            nulos: false,
          },
        ],
        estrategia: { tipo: 'append' },
        filtro: null,
        crear: true,
        indices: [],
        deriva: 'congelar',
        formato: null,
      },
    ],
    cuando: { tipo: 'cada_ejecucion' },
    maxIntentos: 5,
  },
  proximaCarga: null,
  ultimaCarga: null,
  pendientes: 0,
  fallidas: 0,
  creadaEn: '2026-11-25T10:00:00Z',
  actualizadaEn: '2026-11-25T10:00:00Z',
  ...part,
})
