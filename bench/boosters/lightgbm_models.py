"""Trains LightGBM models over objectives, categories, missing values and sizes, for `corpus.ts` to compare with.

    python3 -m venv venv && venv/bin/pip install lightgbm pandas scikit-learn
    venv/bin/python bench/boosters/lightgbm_models.py FOLDER [COUNT] [SEED]
    node bench/boosters/corpus.ts FOLDER
"""
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd

OBJECTIVES = [
    "regression", "regression_l1", "huber", "fair", "quantile", "mape", "poisson", "gamma", "tweedie",
    "binary", "multiclass", "multiclassova", "cross_entropy", "cross_entropy_lambda", "lambdarank", "rank_xendcg", "sqrt",
]


def make(seed, folder):
    rng = np.random.default_rng(seed)
    objective = OBJECTIVES[seed % len(OBJECTIVES)]
    rows, columns = int(rng.integers(200, 800)), int(rng.integers(2, 9))
    frame = pd.DataFrame({f"x{i}": rng.normal(size=rows).round(int(rng.integers(1, 6))) for i in range(columns)})
    frame[rng.random(frame.shape) < rng.choice([0, 0.1, 0.3])] = np.nan
    if rng.random() < 0.5:
        frame = frame.where(rng.random(frame.shape) > 0.2, 0.0)
    plain = frame.copy()
    if rng.random() < 0.3:
        frame["x0"] *= float(rng.choice([1e300, 1e-35, 1e-310]))
    if rng.random() < 0.2:
        frame["constant"] = float(rng.choice([0, 3, 1e-40]))
    categories = {}
    for i in range(int(rng.integers(0, 3))):
        values = rng.choice([f"c{j}" for j in range(int(rng.integers(2, 70)))], rows)
        frame[f"k{i}"] = pd.Categorical(values)
        categories[f"k{i}"] = frame[f"k{i}"].cat.categories
    signal = np.nan_to_num(plain["x0"].to_numpy()) + np.nan_to_num(plain["x1"].to_numpy()) ** 2
    signal += sum(frame[name].cat.codes.to_numpy() % 3 for name in categories)
    noise = signal + rng.normal(scale=0.3, size=rows)
    params = {
        "verbosity": -1, "seed": seed, "num_threads": 1, "num_leaves": int(rng.integers(2, 40)),
        "min_data_in_leaf": int(rng.integers(1, 20)), "learning_rate": float(rng.choice([0.05, 0.1, 0.5])),
        "min_data_per_group": 5, "cat_smooth": 1,
        "objective": "regression" if objective == "sqrt" else objective, "reg_sqrt": objective == "sqrt",
        "use_missing": bool(rng.random() < 0.8), "zero_as_missing": bool(rng.random() < 0.3),
        "boosting": str(rng.choice(["gbdt", "gbdt", "dart", "rf"])),
    }
    if params["boosting"] == "rf":
        params |= {"bagging_freq": 1, "bagging_fraction": 0.7}
    if objective == "binary" and rng.random() < 0.5:
        params["sigmoid"] = 0.7
    target, group = noise, None
    if objective in ("binary",):
        target = (noise > np.median(noise)).astype(int)
    elif objective.startswith("multiclass"):
        params["num_class"] = 3
        target = pd.qcut(noise, 3, labels=False)
    elif objective.startswith("cross_entropy"):
        target = 1 / (1 + np.exp(-noise))
    elif objective in ("poisson", "gamma", "tweedie", "mape"):
        target = np.exp(noise / 4).clip(0.1)
    elif objective in ("lambdarank", "rank_xendcg"):
        target, group = pd.qcut(noise, 4, labels=False), [rows // 2, rows - rows // 2]
    if objective in ("regression", "huber") and not categories and params["boosting"] == "gbdt" and rng.random() < 0.5:
        params |= {"linear_tree": True, "zero_as_missing": False}
    if rng.random() < 0.2:
        params["extra_trees"] = True
    if rng.random() < 0.1:
        # Trees of one leaf.
        params["min_data_in_leaf"] = rows
    if objective not in ("regression_l1", "quantile", "mape") and not params.get("linear_tree") and rng.random() < 0.3:
        params |= {
            "monotone_constraints": [0 if name in categories else int(rng.integers(-1, 2)) for name in frame],
            "monotone_constraints_method": str(rng.choice(["basic", "intermediate", "advanced"])),
        }
    rounds = int(rng.integers(1, 60))
    if rng.random() < 0.3:
        classes = objective in ("binary", "multiclass", "multiclassova")
        wrapper = lgb.LGBMRanker if group else lgb.LGBMClassifier if classes else lgb.LGBMRegressor
        ranks = {"group": group} if group else {}
        booster = wrapper(n_estimators=rounds, **params).fit(frame, target, **ranks).booster_
    else:
        booster = lgb.train(params, lgb.Dataset(frame, target, group=group, free_raw_data=False), num_boost_round=rounds)

    test = frame.sample(min(rows, 200), random_state=seed).reset_index(drop=True)
    for name in categories:
        test[name] = test[name].astype(object)
        test.loc[rng.random(len(test)) < 0.1, name] = None
        test.loc[rng.random(len(test)) < 0.05, name] = "unseen"
    known = test.copy()
    for name, values in categories.items():
        known[name] = pd.Categorical(test[name], categories=values)
    out = folder / f"{objective}-{params['boosting']}-{seed}"
    out.mkdir(parents=True, exist_ok=True)
    part = {}
    if rng.random() < 0.2:
        part = {"start_iteration": int(rng.integers(0, rounds)), "num_iteration": int(rng.integers(1, rounds + 1))}
    booster.save_model(out / "model.txt", **part)
    booster = lgb.Booster(model_file=out / "model.txt")
    prediction = booster.predict(known, num_threads=1)
    test.to_csv(out / "input.csv", index=False, float_format="%.17g")
    if objective in ("binary", "cross_entropy"):
        expected = pd.DataFrame({"_target": (prediction > 0.5).astype(int), "probability(0)": 1 - prediction, "probability(1)": prediction})
    elif objective.startswith("multiclass"):
        expected = pd.DataFrame({"_target": prediction.argmax(axis=1), **{f"probability({i})": prediction[:, i] for i in range(3)}})
    else:
        expected = pd.DataFrame({"_target": prediction})
    expected.to_csv(out / "expected.csv", index=False, float_format="%.17g")

    def write(name, **options):
        table = np.asarray(booster.predict(known, num_threads=1, **options)).reshape(len(test), -1)
        pd.DataFrame(table).to_csv(out / name, index=False, float_format="%.17g")

    write("margin.csv", raw_score=True)
    if booster.num_trees() > 0:
        write("leaf.csv", pred_leaf=True)
    if not params.get("linear_tree"):
        write("contributions.csv", pred_contrib=True)


folder = Path(sys.argv[1]) / "lightgbm"
count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
for seed in range(first, first + count):
    try:
        make(seed, folder)
    except lgb.basic.LightGBMError as error:
        # Not every version trains every combination.
        print(f"{seed} is left out:", error)
