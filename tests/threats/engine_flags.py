"""The flags of llama-server, those of version 11434 all together, and what Bodhi makes of them."""

# Read or write files, load code, reach or serve the network, or are the server's own to say.
DANGEROUS = """
--host --port --reuse-port --path --api-prefix --api-key --api-key-file --ssl-key-file
--ssl-cert-file --cors-origins --cors-methods --cors-headers --cors-credentials --model -m --alias
-a --tags --model-url -mu --docker-repo -dr --hf-repo -hf -hfr --hf-file -hff --hf-repo-draft -hfd
--hf-repo-v -hfv --hf-file-v -hffv --hf-token -hft --offline --mmproj -mm --mmproj-url -mmu
--mmproj-auto --no-mmproj --lora --lora-scaled --lora-init-without-apply --control-vector
--control-vector-scaled --control-vector-layer-range --spec-draft-model --model-draft -md
--model-vocoder -mv --rpc --override-kv --override-tensor -ot --override-tensor-draft -otd
--grammar --grammar-file --json-schema --json-schema-file -j -jf --chat-template
--chat-template-file --chat-template-kwargs --jinja --no-jinja --tools --tools-runtime --agent
--mcp-servers-config --mcp-servers-json --ui-mcp-proxy --webui --no-webui --ui --no-ui --ui-config
--ui-config-file --webui-config --webui-config-file --video-ffmpeg-dir --props --slots --no-slots
--metrics --slot-save-path --media-path --models-dir --models-preset --models-max
--models-autoload --models-allow-extra-args --lookup-cache-static -lcs --lookup-cache-dynamic -lcd
--log-file --log-prompts-dir --log-colors --log-verbosity --log-disable --log-prefix
--log-timestamps -v --verbose -lv --verbosity --check-tensors --list-devices --help -h --version
--completion-bash --cache-list --license --threads-http --slot-prompt-similarity
--sleep-idle-seconds --embd-gemma-default --fim-qwen-7b-default --fim-qwen-30b-default
--gpt-oss-20b-default --vision-gemma-12b-default --numa --cpu-mask -C --cpu-range --cpu-strict
--prio --poll --load-mode -lm --fit -fit --fit-target -fitt --fit-ctx -fitc --warmup --no-warmup
--context-shift --no-context-shift --prompt-cache --system-prompt-file -spf --file -f
--binary-file -bf --draft --fim-qwen-1.5b-default --fim-qwen-14b-spec --fim-qwen-3b-default
--fim-qwen-7b-spec --gpt-oss-120b-default --log-jsonl --log-verbose --mmproj-device
--mmproj-offload --no-agent --no-cors-credentials --no-log-jsonl --no-log-prefix
--no-log-timestamps --no-mmproj-auto --no-mmproj-offload --no-models-autoload --no-ui-mcp-proxy
--no-webui-mcp-proxy --spec-default --spec-draft-hf --spec-draft-override-tensor --usage
--vision-gemma-4b-default --webui-mcp-proxy -ag -cl -hfrd -no-ag
""".split()
# Do neither, and are not taken either, because no parameter stands for them.
UNKNOWN = """
--adaptive-decay --adaptive-target --backend-sampling --cache-idle-slots --cache-prompt
--cache-type-k-draft --cache-type-v-draft --checkpoint-min-step --cpu-mask-batch
--cpu-mask-batch-draft --cpu-mask-draft --cpu-moe --cpu-moe-draft --cpu-range-batch
--cpu-range-draft --cpu-strict-batch --cpu-strict-batch-draft --cpu-strict-draft --ctx-checkpoints
--defrag-thold --device-draft --draft-p-min --draft-p-split --dry-allowed-length --dry-base
--dry-multiplier --dry-penalty-last-n --dry-sequence-breaker --dynatemp-exp --dynatemp-range
--embd-normalize --escape --frequency-penalty --gpu-layers-draft --ignore-eos --image-max-tokens
--image-min-tokens --kv-offload --kv-unified-per-slot --lazy-mode --logit-bias --min-p --mirostat
--mirostat-ent --mirostat-lr --mtmd-batch-max-tokens --n-cpu-ffn --n-cpu-moe-draft
--n-gpu-layers-draft --no-cache-idle-slots --no-cache-prompt --no-escape --no-host --no-kv-offload
--no-op-offload --no-perf --no-prefill-assistant --no-reasoning-preserve --no-repack
--no-skip-chat-parsing --no-spec-draft-backend-sampling --op-offload --perf --poll-batch
--poll-batch-draft --poll-draft --prefill-assistant --presence-penalty --prio-batch
--prio-batch-draft --prio-draft --reasoning --reasoning-budget --reasoning-budget-message
--reasoning-effort --reasoning-preserve --repack --repeat-last-n --repeat-penalty --rerank
--reranking --reverse-prompt --rope-scale --sampler-seq --samplers --sampling-seq
--skip-chat-parsing --spec-draft-backend-sampling --spec-draft-cpu-mask
--spec-draft-cpu-mask-batch --spec-draft-cpu-moe --spec-draft-cpu-range --spec-draft-cpu-strict
--spec-draft-cpu-strict-batch --spec-draft-device --spec-draft-n-cpu-moe --spec-draft-n-max
--spec-draft-n-min --spec-draft-ncmoe --spec-draft-ngl --spec-draft-p-min --spec-draft-p-split
--spec-draft-poll --spec-draft-poll-batch --spec-draft-prio --spec-draft-prio-batch
--spec-draft-sampling --spec-draft-threads --spec-draft-threads-batch --spec-draft-type-k
--spec-draft-type-v --spec-ngram-map-k-min-hits --spec-ngram-map-k-size-m
--spec-ngram-map-k-size-n --spec-ngram-map-k4v-min-hits --spec-ngram-map-k4v-size-m
--spec-ngram-map-k4v-size-n --spec-ngram-mod-n-match --spec-ngram-mod-n-max --spec-ngram-mod-n-min
--spec-ngram-simple-min-hits --spec-ngram-simple-size-m --spec-ngram-simple-size-n
--spec-synth-len --spec-synth-rates --spec-type --special --spm-infill --sse-ping-interval
--swa-checkpoints --temp --temperature --threads-batch-draft --threads-draft --top-k --top-n-sigma
--top-nsigma --top-p --typical --typical-p --video-fps --video-timestamp-interval
--xtc-probability --xtc-threshold --yarn-attn-factor --yarn-beta-fast --yarn-beta-slow
--yarn-ext-factor --yarn-orig-ctx -Cb -Cbd -Cd -Cr -Crb -Crd -bs -cmoe -cmoed -cms -ctkd -ctvd
-ctxcp -devd -dt -e -kvo -l -lzm -mmdev -ncffn -ncmoed -ngld -nkvo -no-kvu -nr -r -rea -sp
-sps -tbd -td
""".split()
# Are taken, typed and in range. A new row of the registry belongs into this list, on purpose.
ALLOWED = set(
    """
-b --batch-size -c --ctx-size --cache-ram -cram --cache-reuse --cache-type-k -ctk --cache-type-v
-ctv --cont-batching -cb --no-cont-batching -nocb --device -dev --embedding --embeddings
--flash-attn -fa --gpu-layers --n-gpu-layers -ngl --keep --kv-unified -kvu --no-kv-unified
--main-gpu -mg --mlock --mmap --no-mmap -n --predict --n-predict --parallel -np --pooling
--reasoning-format --rope-freq-base --rope-freq-scale --rope-scaling --seed -s --split-mode -sm
--swa-full --tensor-split -ts --threads -t --threads-batch -tb --timeout -to --ubatch-size -ub
--n-cpu-moe -ncmoe
""".split()
)
