-- Lo que llegó sigue habiendo llegado aunque se elimine su ejecución: el calendario y la puntualidad lo leen de aquí.
CREATE TABLE envios_sin_ejecucion (
  id            INTEGER PRIMARY KEY,
  casilla_id    INTEGER NOT NULL REFERENCES casillas_datos (id) ON DELETE CASCADE,
  emisor_id     INTEGER REFERENCES emisores (id) ON DELETE SET NULL,
  recibida_en   TEXT NOT NULL,
  archivo_datos TEXT NOT NULL,
  archivo_id    INTEGER REFERENCES archivos_recibidos (id) ON DELETE SET NULL,
  estado        TEXT
);
CREATE INDEX envios_sin_ejecucion_casilla ON envios_sin_ejecucion (casilla_id, recibida_en);
CREATE INDEX envios_sin_ejecucion_casilla_emisor ON envios_sin_ejecucion (casilla_id, emisor_id, recibida_en);
CREATE INDEX envios_sin_ejecucion_emisor ON envios_sin_ejecucion (emisor_id, recibida_en);
CREATE INDEX ejecuciones_yaml_envios_de_emisor ON ejecuciones_yaml (emisor_id, recibida_en) WHERE repite_a IS NULL;

-- Envíos: lo que llegó por primera vez y nadie canceló, aceptado o rechazado (docs/adr/0005).
-- El CAST iguala la afinidad de las dos partes: sin él SQLite no lleva el filtro y el orden a sus índices.
CREATE VIEW envios AS
SELECT casilla_id, emisor_id, recibida_en, archivo_datos, archivo_id, uuid, estado
FROM ejecuciones_yaml
WHERE repite_a IS NULL AND fase <> 'cancelada'
UNION ALL
SELECT casilla_id, emisor_id, recibida_en, archivo_datos, archivo_id, CAST(NULL AS TEXT), estado
FROM envios_sin_ejecucion;
