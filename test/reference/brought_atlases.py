"""Files of the layouts of the Allen Brain Cell Atlas, MANC and BANC, small, by pandas. argv: folder."""
import hashlib
import json
import sys
from pathlib import Path

import pandas as pd

folder = Path(sys.argv[1])


def abc(name, cells, taxonomy, columns, levels, rows, members, more=()):
    """The cache of a release: metadata, taxonomy, and a manifest that says sizes and MD5."""
    base = folder / name
    tables = {
        f"metadata/{cells}/20231215/cell_metadata.csv": pd.DataFrame(rows, columns=columns),
        f"metadata/{taxonomy}/20231215/cluster_annotation_term_set.csv": pd.DataFrame(
            [[f"SET{i}", level, "", i] for i, level in enumerate(levels)], columns=["label", "name", "description", "order"]),
        f"metadata/{taxonomy}/20231215/cluster_annotation_term.csv": pd.DataFrame(
            [[f"T{i}", term, level] for i, (_, level, term) in enumerate(members)],
            columns=["label", "name", "cluster_annotation_term_set_name"]),
        f"metadata/{taxonomy}/20231215/cluster_to_cluster_annotation_membership.csv": pd.DataFrame(
            [[f"T{i}", f"SET{levels.index(level)}", alias, term, level, 1, "#FF0000"]
             for i, (alias, level, term) in enumerate(members)],
            columns=["cluster_annotation_term_label", "cluster_annotation_term_set_label", "cluster_alias",
                     "cluster_annotation_term_name", "cluster_annotation_term_set_name", "number_of_cells", "color_hex_triplet"]),
        **dict(more),
    }
    listing = {}
    for path, table in tables.items():
        file = base / path
        file.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(file, index=False)
        _, directory, version, last = path.split("/")
        listing.setdefault(directory, {}).setdefault("metadata", {})[last.removesuffix(".csv")] = {"files": {"csv": {
            "version": version, "relative_path": path, "url": f"https://allen-brain-cell-atlas.s3.us-west-2.amazonaws.com/{path}",
            "size": file.stat().st_size, "file_hash": hashlib.md5(file.read_bytes()).hexdigest()}}}
    manifest = base / "releases/20231215/manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"version": "20231215", "resource_uri": "s3://allen-brain-cell-atlas/",
                                    "file_listing": listing}))


mouse = ["cell_label", "cell_barcode", "barcoded_cell_sample_label", "library_label", "feature_matrix_label", "entity",
         "brain_section_label", "library_method", "region_of_interest_acronym", "donor_label", "donor_genotype", "donor_sex",
         "dataset_label", "x", "y", "cluster_alias"]
row = lambda label, alias, region="VIS": [label, label[:3], "1", "L", "WMB-10Xv3-Isocortex-1", "cell", None, "10Xv3", region,
                                          "donor-1", "wt/wt", "F", "WMB-10Xv3", 0.5, -1.25, alias]
levels = ["neurotransmitter", "class", "subclass", "supertype", "cluster"]
members = [(alias, level, term) for alias, terms in {
    1: ["Glut", "01 IT-ET Glut", "007 L2/3 IT CTX Glut", "0030 L2/3 IT CTX Glut_1", "0104 L2/3 IT CTX Glut_1"],
    864: ["GABA", "07 CTX-MGE GABA", "052 Pvalb Gaba", "0207 Pvalb Gaba_1", "0740 Pvalb Gaba_1"]}.items()
    for level, term in zip(levels, terms)]
abc("abc", "WMB-10X", "WMB-taxonomy", mouse, levels,
    [row("GCGAGAAGTTAAGGGC-410", 1), row("AATGGCTCAGCTCCTT-411", 864), row("000000000000000012", 9999, "HIP")], members,
    [("metadata/WMB-10X/20231215/gene.csv", pd.DataFrame(
        [["ENSMUSG00000005716", "Pvalb", "not-applicable", "parvalbumin", "NCBIGene:19293"]],
        columns=["gene_identifier", "gene_symbol", "transcript_identifier", "name", "mapped_ncbi_identifier"]))])
abc("merfish", "MERFISH-C57BL6J-638850", "WMB-taxonomy", ["cell_label", "brain_section_label", "cluster_alias", "x", "y", "z"],
    levels, [["1015221640100570142", "C57BL6J-638850.38", 864, 4.9, 5.1, 6.8], ["1015221640100800130", "C57BL6J-638850.38", 1, 4.8, 5.2, 6.8]],
    members, [("metadata/MERFISH-C57BL6J-638850-CCF/20231215/ccf_coordinates.csv", pd.DataFrame(
        [["1015221640100570142", 5.4, 4.0, 5.7, 385]], columns=["cell_label", "x", "y", "z", "parcellation_index"]))])
human = ["cell_label", "cell_barcode", "barcoded_cell_sample_label", "library_label", "feature_matrix_label", "entity",
         "brain_section_label", "library_method", "donor_label", "donor_sex", "dataset_label", "x", "y", "cluster_alias",
         "region_of_interest_label", "anatomical_division_label", "abc_sample_id"]
abc("human-abc", "WHB-10Xv3", "WHB-taxonomy", human, ["neurotransmitter", "supercluster", "cluster", "subcluster"],
    [["10X386_2:CATGGATTCTCGACGG", "C", "10X386_2", "L", "WHB-10Xv3-Neurons", "nuclei", None, "10Xv3", "H19.30.001", "M",
      "WHB-10Xv3", 1.5, 2.5, 0, "Human MoAN", "Myelencephalon", "s1"]],
    [(0, "neurotransmitter", "VGLUT2"), (0, "supercluster", "Splatter"), (0, "cluster", "Splat_1"), (0, "subcluster", "Splat_1_0")])
abc("sea-ad", "SEAAD", "SEAAD-taxonomy", ["cell_label", "donor_label", "cluster_alias"], ["class", "subclass", "supertype"],
    [["AAACCCAAGAAACACT-L8TX", "H21.33.001", 3]],
    [(3, "class", "Neuronal: GABAergic"), (3, "subclass", "Pvalb"), (3, "supertype", "Pvalb_1")],
    [("metadata/SEAAD/20231215/donor.csv", pd.DataFrame([["H21.33.001", 90, "Dementia"]],
                                                        columns=["donor_label", "age_at_death", "cognitive_status"]))])

manc = folder / "manc"
manc.mkdir()
pd.DataFrame({"bodyId": [10000, 10002, 720575940620875399], "type": ["DNp01", None, "IN13B025"],
              "instance": ["DNp01_CvC_R", None, "IN13B025_T2_L"]}).to_csv(manc / "traced-neurons.csv", index=False)
pd.DataFrame({"bodyId_pre": [10000, 10000, 10002], "bodyId_post": [720575940620875399, 10002, 99],
              "weight": [12, 3, 4]}).to_csv(manc / "traced-connections.csv", index=False)
pd.DataFrame({"bodyId": [10000, 720575940620875399, 5], "class": ["descending neuron", "intrinsic neuron", None],
              "hemilineage": [None, "13B", None], "rootSide": ["RHS", None, None], "somaSide": [None, "LHS", None],
              "predictedNt": ["acetylcholine", "gaba", "unknown"]}).to_feather(manc / "manc-v1.0-neuron-properties.feather")

banc = folder / "banc"
banc.mkdir()
ids = ["720575941509220642", "720575941277394247", "720575941526837604", "720575940420901192"]
pd.DataFrame({"banc_888_id": ids, "proofread": ["TRUE", "FALSE", "TRUE", "FALSE"],
              "roughly_proofread": ["FALSE", "TRUE", "FALSE", "FALSE"],
              "super_class": ["descending", "motor", "glia", "sensory"], "cell_type": ["DNa02", None, None, "SNta01"],
              "manc_cell_type": ["DNa02", "MNwm36", None, None], "hemibrain_cell_type": ["auto:DNa02", None, None, None],
              "neurotransmitter_predicted": ["acetylcholine", "glutamate", None, None]}).to_feather(banc / "banc_888_meta.feather")
pd.DataFrame({"pre": [ids[0], ids[0], ids[3]], "post": [ids[1], ids[2], ids[0]], "count": [9, 2, 1], "norm": [0.5, 0.1, 0.2],
              "post_count": [18, 20, 5], "pre_count": [30, 30, 3]}).to_feather(banc / "banc_888_edgelist_simple_v2.feather")
