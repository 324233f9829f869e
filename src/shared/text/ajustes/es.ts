/** Words of the engine's settings, in Spanish. */
export const ajustesEs = {
  'setting.concurrency': 'Ejecuciones a la vez',
  'setting.concurrency.help': 'Cuántas ejecuciones corren a la vez; cada una usa su propia memoria.',
  'setting.detailCap': 'Detalle por regla',
  'setting.detailCap.help':
    'Registros que se listan por regla en los informes; la lista completa está en errores.csv.',
  'setting.loadConcurrency': 'Cargas a la vez',
  'setting.loadConcurrency.help':
    'Cuántas cargas en destinos corren a la vez; dos nunca escriben en la misma tabla.',
  'setting.logLevel': 'Nivel del registro',
  'setting.logLevel.help': 'Desde qué nivel se escribe en engine.log.',
  'setting.memoryLimitMb': 'Memoria del motor (MiB)',
  'setting.memoryLimitMb.help': 'Límite de memoria al validar. Se aplica en la siguiente ejecución.',
  'setting.unzipMaxFileGib': 'Tamaño de un archivo al abrirse (GiB)',
  'setting.unzipMaxFileGib.help': 'Lo que puede medir un archivo al salir de su ZIP o gzip.',
  'setting.unzipMaxFiles': 'Archivos por ZIP',
  'setting.unzipMaxFiles.help': 'Un ZIP con más archivos se rechaza sin abrirlo.',
  'setting.unzipMaxTotalGib': 'Tamaño de un ZIP al abrirse (GiB)',
  'setting.unzipMaxTotalGib.help': 'Lo que pueden medir juntos los archivos de un ZIP al abrirse.',
} as const
