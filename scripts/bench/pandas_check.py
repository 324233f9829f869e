"""What one would write in pandas for the types of the generated package: read as text, convert, count what fails."""
import json
import resource
import sys
from pathlib import Path

import pandas as pd

folder = Path(sys.argv[1]) / "csv"
bad = 0
for path in sorted(folder.glob("*.csv")):
    head = path.open(encoding="utf-8").readline()
    sep = next(mark for mark in "|;," if mark in head)
    frame = pd.read_csv(path, sep=sep, dtype=str, header=None, keep_default_na=False, na_values=[""])
    for name in frame.columns:
        numbers = pd.to_numeric(frame[name], errors="coerce")
        bad += int((frame[name].notna() & numbers.isna()).sum())
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"bad": bad, "cpuSeconds": used.ru_utime + used.ru_stime, "rssMb": round(used.ru_maxrss / 1024)}))
