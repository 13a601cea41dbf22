"""Training: a fixed number of steps, with a fixed seed.

The hidden matrices are trained with Muon (momentum made orthogonal by a Newton-Schulz
iteration), the embedding and the norms with AdamW. The learning rate rises for a few steps,
stays, and falls to nothing. What is kept is a running average of the weights.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from .data import Batch
from .model import Network


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train."""

    steps: int = 1800
    tokens: int = 6144
    matrix_rate: float = 0.02
    other_rate: float = 4e-3
    decay: float = 0.02
    warm_up: int = 60
    falling: float = 0.65
    averaging: float = 0.98
    threads: int = 2
    report_every: int = 50
    save_every: int = 300

    def scale(self, step: int) -> float:
        """Return the factor on both learning rates at ``step``."""
        left = (self.steps - step) / (self.steps * self.falling)
        return max(0.005, min(1.0, (step + 1) / self.warm_up, left))


Save = Callable[[dict[str, Tensor], int], None]


class Muon:
    """Momentum whose step is made orthogonal, for matrices."""

    MOMENTUM = 0.95
    STRENGTH = 0.6

    def __init__(self, matrices: list[nn.Parameter], decay: float) -> None:
        self.matrices = matrices
        self.decay = decay
        self.momenta = [torch.zeros_like(matrix) for matrix in matrices]
        self.groups: dict[tuple[int, ...], list[int]] = {}
        for index, matrix in enumerate(matrices):
            self.groups.setdefault(tuple(sorted(matrix.shape)), []).append(index)

    def step(self, rate: float) -> None:
        """Change all matrices by one step of size ``rate``."""
        with torch.no_grad():
            for group in self.groups.values():
                directions = _orthogonal(torch.stack([self._direction(n) for n in group]))
                for index, direction in zip(group, directions, strict=True):
                    self._apply(self.matrices[index], direction, rate)

    def _direction(self, index: int) -> Tensor:
        gradient = self.matrices[index].grad
        momentum = self.momenta[index].mul_(self.MOMENTUM).add_(gradient)
        direction = gradient + self.MOMENTUM * momentum
        rows, columns = direction.shape
        return direction.T if rows > columns else direction

    def _apply(self, matrix: nn.Parameter, direction: Tensor, rate: float) -> None:
        rows, columns = matrix.shape
        size = rate * self.STRENGTH * max(1.0, rows / columns) ** 0.5
        matrix.mul_(1 - rate * self.decay)
        matrix.add_(direction.T if rows > columns else direction, alpha=-size)


def _orthogonal(stacked: Tensor) -> Tensor:
    """Bring all singular values of the matrices near one (five Newton-Schulz steps)."""
    x = stacked / (stacked.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * (gram @ gram)) @ x
    return x


def _loss(network: Network, batch: Batch, narrow: bool) -> Tensor:
    """Return the weighted mean loss of the tokens that count."""
    weights = torch.from_numpy(batch.weights).reshape(-1)
    chosen = weights.nonzero().squeeze(1)
    targets = torch.from_numpy(batch.targets).reshape(-1)[chosen]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=narrow):
        hidden = network(torch.from_numpy(batch.inputs)).reshape(-1, network.shape.width)
        scores = network.logits(hidden[chosen])
    each = functional.cross_entropy(scores.float(), targets, reduction="none")
    return (each * weights[chosen]).sum() / weights[chosen].sum()


def _parts(network: Network) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Return the hidden matrices, and all other parameters."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        hidden = parameter.dim() == 2 and not name.startswith("embedding")
        (matrices if hidden else others).append(parameter)
    return matrices, others


def _narrow_is_fast() -> bool:
    """Return whether this processor multiplies bfloat16 in hardware."""
    facts = Path("/proc/cpuinfo")
    if not facts.exists():
        return False
    flags = facts.read_text(encoding="ascii", errors="ignore")
    return "avx512_bf16" in flags or "amx_bf16" in flags


class Progress:
    """Prints how far the training is, and how long it will still take."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.start = time.monotonic()
        self.tokens = 0
        self.losses: list[float] = []

    def update(self, step: int, tokens: int, loss: float) -> None:
        """Count one step."""
        self.tokens += tokens
        self.losses.append(loss)
        if step in (1, 10) or step % self.plan.report_every == 0:
            self._report(step)

    def _report(self, step: int) -> None:
        passed = time.monotonic() - self.start
        left = passed / step * (self.plan.steps - step)
        recent = self.losses[-self.plan.report_every :]
        print(
            f"step {step}/{self.plan.steps}  loss {sum(recent) / len(recent):.4f}  "
            f"{self.tokens / passed:.0f} tokens/s  {passed / 60:.1f} min, {left / 60:.1f} min left",
            flush=True,
        )


def train(network: Network, data: Iterator[Batch], plan: Plan, save: Save) -> int:
    """Train ``network`` as planned and return the number of padded tokens it read.

    ``save`` is called every now and then, and at the end, with the averaged weights.
    """
    torch.set_num_threads(plan.threads)
    narrow = _narrow_is_fast()
    matrices, others = _parts(network)
    muon = Muon(matrices, plan.decay)
    adam = torch.optim.AdamW(others, lr=plan.other_rate, betas=(0.9, 0.98), weight_decay=0.0)
    average = {name: value.clone() for name, value in network.state_dict().items()}
    progress = Progress(plan)
    for step in range(plan.steps):
        batch, scale = next(data), plan.scale(step)
        loss = _loss(network, batch, narrow)
        network.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(others, 1.0)
        adam.param_groups[0]["lr"] = plan.other_rate * scale
        adam.step()
        muon.step(plan.matrix_rate * scale)
        _blend(average, network, plan.averaging)
        progress.update(step + 1, batch.inputs.size, loss.item())
        if (step + 1) % plan.save_every == 0 or step + 1 == plan.steps:
            save(average, step + 1)
    return progress.tokens


def _blend(average: dict[str, Tensor], network: Network, share: float) -> None:
    with torch.no_grad():
        for name, value in network.state_dict().items():
            average[name].lerp_(value, 1 - share)
