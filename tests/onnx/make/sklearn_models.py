"""Models as skl2onnx converts them, each with inputs and what scikit-learn itself makes of them.

Made with Python 3.11.7, scikit-learn 1.9.1, skl2onnx 1.20.0, onnx 1.23.0, numpy 2.4.6:
    python tests/onnx/make/sklearn_models.py tests/onnx/files
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, Normalizer, StandardScaler

warnings.simplefilter("ignore")
folder = Path(sys.argv[1])
iris, cancer, diabetes = (load(return_X_y=True) for load in (load_iris, load_breast_cancer, load_diabetes))
cancer = (cancer[0][:, :6], cancer[1])
names = (iris[0], np.array(["setosa", "versicolor", "virginica"])[iris[1]])

models = {
    "logistic": (make_pipeline(StandardScaler(), LogisticRegression()), iris),
    "logistic-names": (make_pipeline(MinMaxScaler(), LogisticRegression()), names),
    "logistic-binary": (make_pipeline(StandardScaler(), LogisticRegression()), cancer),
    "linear": (LinearRegression(), diabetes),
    "ridge": (make_pipeline(MaxAbsScaler(), Ridge()), (diabetes[0], np.stack([diabetes[1], -diabetes[1]], 1))),
    "normalizer": (make_pipeline(Normalizer("l2"), LogisticRegression()), iris),
    "mlp": (make_pipeline(StandardScaler(), MLPClassifier((8,), max_iter=200, random_state=1)), iris),
    "mlp-binary": (make_pipeline(StandardScaler(), MLPClassifier((8,), activation="tanh", max_iter=200, random_state=1)), cancer),
    "mlp-regressor": (make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(8,), max_iter=200, random_state=1)), diabetes),
}

for name, (model, (x, y)) in models.items():
    x = x.astype(np.float32)
    model.fit(x, y)
    rows = x[:: max(1, len(x) // 11)][:11]
    expected = model.predict_proba(rows) if hasattr(model, "predict_proba") else model.predict(rows)
    onnx = to_onnx(model, rows[:1])
    path = folder / f"sklearn-{name}.onnx"
    path.write_bytes(onnx.SerializeToString())
    case = {
        "inputs": {"X": {"shape": list(rows.shape), "data": rows.flatten().tolist()}},
        "output": np.asarray(expected, np.float64).flatten().tolist(),
    }
    path.with_suffix(".json").write_text(json.dumps(case) + "\n")
