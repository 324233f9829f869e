/** Words of what was begun and is not saved yet. */
export const borradoresEs = {
  'draft.behind':
    'Lo guardado cambió después de empezar estos cambios: guardarlos lo reemplaza. Descartar para ver lo guardado.',
  'draft.continue': 'Continuar',
  'draft.drop': 'Descartar',
  'draft.of': 'Hay cambios sin guardar en «{name}».',
  'draft.resumed': 'Se sigue con lo que quedó sin guardar el {date}.',
  'draft.unsavedSecret': 'Cambios sin guardar; se conservan en este equipo, salvo lo escrito como secreto.',
} as const
