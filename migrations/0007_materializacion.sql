-- Destinos, materializaciones de muchos catálogos y sus cargas: lo que cada ejecución escribió por cada materialización.

CREATE TABLE destinos (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  nombre         TEXT    NOT NULL CHECK (length(nombre) BETWEEN 1 AND 255),
  descripcion    TEXT    NOT NULL DEFAULT '',
  -- JSON que valida destinoConfigSchema; la contraseña está en secretos_nube.
  configuracion  TEXT    NOT NULL CHECK (json_valid(configuracion)),
  secreto_id     INTEGER REFERENCES secretos_nube (id),
  ultima_prueba  TEXT    CHECK (ultima_prueba IS NULL OR json_valid(ultima_prueba)),
  creado_en      TEXT    NOT NULL,
  actualizado_en TEXT    NOT NULL,
  -- Uno eliminado conserva su fila: las cargas siguen diciendo dónde escribieron.
  eliminado_en   TEXT
);
CREATE UNIQUE INDEX destinos_nombre ON destinos (nombre) WHERE eliminado_en IS NULL;
CREATE INDEX destinos_secreto ON destinos (secreto_id) WHERE secreto_id IS NOT NULL;
-- El de la propia consola.
INSERT INTO destinos (id, nombre, descripcion, configuracion, creado_en, actualizado_en)
VALUES (0, 'Datos de la consola', 'Base de datos de esta consola: se consulta en la página SQL.', '{"tipo":"interno","version":1}',
  strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));

-- Se rehace para que catalogo_id pueda faltar: las tablas de una materialización están en su configuración.
CREATE TABLE materializaciones_nueva (
  id                     INTEGER PRIMARY KEY AUTOINCREMENT,
  casilla_id             INTEGER NOT NULL REFERENCES casillas_datos (id) ON DELETE CASCADE,
  destino_id             INTEGER NOT NULL DEFAULT 0 REFERENCES destinos (id),
  catalogo_id            INTEGER REFERENCES catalogos (id) ON DELETE SET NULL,
  nombre                 TEXT    NOT NULL CHECK (length(nombre) BETWEEN 1 AND 255),
  descripcion            TEXT    NOT NULL DEFAULT '',
  -- JSON que valida materializacionConfigSchema.
  configuracion          TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(configuracion)),
  estado                 TEXT    NOT NULL DEFAULT 'pendiente' CHECK (estado IN ('pendiente', 'activo', 'inactivo')),
  -- El orden de sus cargas cambia el resultado: una que falla retiene a las que siguen.
  ordenada               INTEGER NOT NULL DEFAULT 0 CHECK (ordenada IN (0, 1)),
  -- Se hizo sola con la primera ejecución aceptada y sigue al YAML.
  automatica             INTEGER NOT NULL DEFAULT 0 CHECK (automatica IN (0, 1)),
  -- Hasta qué fecha prevista llegó una materialización programada.
  programada_hasta       TEXT,
  ultima_materializacion TEXT,
  creado_en              TEXT    NOT NULL,
  actualizado_en         TEXT    NOT NULL
);
INSERT INTO materializaciones_nueva (id, casilla_id, catalogo_id, nombre, descripcion, configuracion, estado, ultima_materializacion,
  creado_en, actualizado_en)
SELECT m.id, c.casilla_id, m.catalogo_id, m.nombre, m.descripcion, m.configuracion, m.estado, m.ultima_materializacion, m.creado_en,
  m.actualizado_en
FROM materializaciones m JOIN catalogos c ON c.id = m.catalogo_id;
DROP TABLE materializaciones;
ALTER TABLE materializaciones_nueva RENAME TO materializaciones;
CREATE INDEX materializaciones_catalogo ON materializaciones (catalogo_id);
CREATE INDEX materializaciones_casilla ON materializaciones (casilla_id);
CREATE INDEX materializaciones_destino ON materializaciones (destino_id);
CREATE UNIQUE INDEX materializaciones_automatica ON materializaciones (casilla_id) WHERE automatica = 1;

-- Una carga por ejecución y materialización; su uuid es el de control en el destino.
CREATE TABLE materializaciones_ejecuciones (
  id                 INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid               TEXT    NOT NULL UNIQUE CHECK (length(uuid) = 36),
  materializacion_id INTEGER NOT NULL REFERENCES materializaciones (id) ON DELETE CASCADE,
  -- Dónde escribió, aunque la materialización cambie después de destino.
  destino_id         INTEGER NOT NULL REFERENCES destinos (id),
  -- Sin referencia: la historia queda aunque la ejecución se elimine.
  ejecucion_uuid     TEXT    NOT NULL CHECK (length(ejecucion_uuid) = 36),
  archivo_datos      TEXT    NOT NULL,
  -- Lugar en el orden: cuándo llegó lo que cargó y, a igual instante, qué ejecución fue antes.
  recibida_en        TEXT    NOT NULL,
  ejecucion_id       INTEGER NOT NULL,
  estado             TEXT    NOT NULL DEFAULT 'en_espera'
                     CHECK (estado IN ('en_espera', 'en_proceso', 'completado', 'error', 'cancelado')),
  intentos           INTEGER NOT NULL DEFAULT 0 CHECK (intentos >= 0),
  -- Veces que el motor murió mientras la hacía.
  caidas             INTEGER NOT NULL DEFAULT 0 CHECK (caidas >= 0),
  proximo_intento    TEXT,
  -- Una persona pidió cargar otra vez lo ya cargado.
  rehacer            INTEGER NOT NULL DEFAULT 0 CHECK (rehacer IN (0, 1)),
  repetida           INTEGER NOT NULL DEFAULT 0 CHECK (repetida IN (0, 1)),
  leidas             INTEGER NOT NULL DEFAULT 0,
  insertadas         INTEGER NOT NULL DEFAULT 0,
  actualizadas       INTEGER NOT NULL DEFAULT 0,
  eliminadas         INTEGER NOT NULL DEFAULT 0,
  bytes              INTEGER NOT NULL DEFAULT 0,
  tablas             TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(tablas)),
  error              TEXT    CHECK (error IS NULL OR json_valid(error)),
  creado_en          TEXT    NOT NULL,
  iniciada_en        TEXT,
  terminada_en       TEXT,
  CHECK ((estado IN ('completado', 'error', 'cancelado')) = (terminada_en IS NOT NULL))
);
-- Una ejecución no espera dos veces por la misma materialización.
CREATE UNIQUE INDEX cargas_una_abierta ON materializaciones_ejecuciones (materializacion_id, ejecucion_uuid)
  WHERE estado IN ('en_espera', 'en_proceso', 'error');
CREATE INDEX cargas_fecha ON materializaciones_ejecuciones (creado_en);
CREATE INDEX cargas_materializacion ON materializaciones_ejecuciones (materializacion_id, id);
CREATE INDEX cargas_ejecucion ON materializaciones_ejecuciones (ejecucion_uuid);
-- Lo que falta por hacer de cada materialización, en el orden en que se toma.
CREATE INDEX cargas_abiertas ON materializaciones_ejecuciones (materializacion_id, recibida_en, ejecucion_id)
  WHERE estado IN ('en_espera', 'en_proceso', 'error');
CREATE INDEX cargas_aplazadas ON materializaciones_ejecuciones (proximo_intento)
  WHERE estado = 'en_espera' AND proximo_intento IS NOT NULL;
CREATE INDEX cargas_en_proceso ON materializaciones_ejecuciones (id) WHERE estado = 'en_proceso';
-- Archivos cuyo desenlace espera a sus cargas.
CREATE INDEX archivos_recibidos_materializando ON archivos_recibidos (id) WHERE estado = 'materializando';
