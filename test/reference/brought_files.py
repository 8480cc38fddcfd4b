"""Files of the layouts of the hemibrain's and MaleCNS's exports, small, by pandas. argv: folder."""
import sys
from pathlib import Path

import nrrd
import numpy as np
import pandas as pd

folder = Path(sys.argv[1])
hemibrain, male = folder / "hemibrain", folder / "male-cns"
for one in (hemibrain, male):
    one.mkdir(parents=True)
pd.DataFrame({"bodyId": [200326126, 202916528, 5813105172], "type": ["CL141", None, "KCg-m"],
              "instance": ["CL141_R", None, "KCg-m_R"]}).to_csv(hemibrain / "traced-neurons.csv", index=False)
pd.DataFrame({"bodyId_pre": [200326126, 5813105172], "bodyId_post": [5813105172, 202916528],
              "weight": [13, 1]}).to_csv(hemibrain / "traced-total-connections.csv", index=False)
pd.DataFrame({"bodyId": [10000, 10001, 10002, 10003], "type": ["DNa02", "MBON01", None, None],
              "superclass": ["descending_neuron", "cb_intrinsic", "cb_intrinsic", None],
              "somaSide": ["L", "R", None, None], "instance": ["DNa02_L", "MBON01_R", None, None]}).to_feather(
    male / "body-annotations-male-cns-v1.0-minconf-0.5.feather", compression="lz4")
pd.DataFrame({"body": [10000, 10001, 99], "predicted_nt": ["gaba", "glutamate", "gaba"],
              "consensus_nt": ["acetylcholine", "glutamate", "gaba"]}).to_feather(
    male / "body-neurotransmitters-male-cns-v1.0.feather", compression="lz4")
pd.DataFrame({"body_pre": [10001, 10001, 10003, 10002], "body_post": [10000, 10002, 10000, 10001],
              "weight": [7, 2, 5, 1]}).to_feather(
    male / "connectome-weights-male-cns-v1.0-minconf-0.5.feather", compression="lz4")

# The annotation of CCFv3 as the Allen institute writes it: unsigned 32 bits, gzip, spacings in µm; here 400 µm of it.
annotation = np.zeros((4, 4, 4), "u4")
annotation[1, 2, 3] = 385
(folder / "ccf").mkdir()
nrrd.write(str(folder / "ccf" / "annotation_100.nrrd"), annotation,
           {"encoding": "gzip", "space dimension": 3, "space directions": np.eye(3) * 100, "space origin": [0, 0, 0]})

# The Natural Scenes Dataset's list of stimuli: 0 where a person did not see an image.
stimuli = {"cocoId": [532481, 245764, 385029], "cocoSplit": ["val2017"] * 3,
           "cropBox": ["(0, 0, 0.1671875, 0.1671875)", "(0, 0, 0.25, 0.25)", "(0, 0, 0.0, 0.0)"],
           "loss": [0.1, 0.2, 0.0], "nsdId": [0, 1, 2], "flagged": [False, False, True], "BOLD5000": [False, True, False],
           "shared1000": [True, False, False]}
for subject in range(1, 9):
    stimuli[f"subject{subject}"] = [1, int(subject == 2), 0]
    for repeat in range(3):
        stimuli[f"subject{subject}_rep{repeat}"] = [10 * repeat + subject, 100 + repeat if subject == 2 else 0, 0]
(folder / "nsd").mkdir()
pd.DataFrame(stimuli).to_csv(folder / "nsd" / "nsd_stim_info_merged.csv")
