import type { Casilla } from '@shared/model/casilla'
import { vigilanciaSchema } from '@shared/model/recepcion'

/** A casilla that watches a folder and has judged one file well. */
export const casillaOf = (change: Partial<Casilla> = {}): Casilla => ({
  id: 1,
  nombre: 'Ventas',
  descripcion: '',
  activa: true,
  politica: 'todo_o_nada',
  nombreYaml: 'ventas.yaml',
  yamlVersion: 1,
  catalogos: [],
  muestra: null,
  zonaHoraria: 'America/Lima',
  carpeta: '/datos/ventas',
  origenRemoto: null,
  vigilancia: vigilanciaSchema.parse({}),
  frecuencia: null,
  puntualidad: {
    estado: 'sin_frecuencia',
    ultimoEnvio: null,
    ultimaEsperada: null,
    proximaEsperada: null,
    minutosTarde: 0,
  },
  prioridad: 0,
  pausadaEn: null,
  recientes: [],
  emisores: 0,
  creadaEn: '2026-11-01T12:00:00Z',
  actualizadaEn: '2026-11-01T12:00:00Z',
  ultimaEjecucion: { id: 'a', estado: 'Éxito', fase: 'terminada', terminadaEn: '2026-11-02T12:00:00Z' },
  ...change,
})
