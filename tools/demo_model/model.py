"""The network: a small llama, as llama.cpp reads it."""

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Shape:
    """The sizes of the network."""

    vocabulary: int
    width: int = 160
    layers: int = 4
    heads: int = 5
    hidden: int = 448
    context: int = 1024
    rope_base: float = 10_000.0
    epsilon: float = 1e-5

    @property
    def head(self) -> int:
        """The width of one attention head."""
        return self.width // self.heads

    def as_dict(self) -> dict[str, float]:
        """Return the sizes by name."""
        return asdict(self)


def rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Turn neighbouring pairs of channels by the angle of their position.

    Neighbours (0, 1), (2, 3)... are what llama.cpp expects of this architecture, so the weights
    are exported as they are.
    """
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), -1).flatten(-2)


class Block(nn.Module):  # type: ignore[misc]
    """One layer: attention, then a gated feed-forward part."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, hidden = shape.width, shape.hidden
        self.attention_norm = nn.RMSNorm(width, eps=shape.epsilon)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.output = nn.Linear(width, width, bias=False)
        self.forward_norm = nn.RMSNorm(width, eps=shape.epsilon)
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def _heads(self, x: Tensor) -> Tensor:
        batch, length, _ = x.shape
        split = x.view(batch, length, self.shape.heads, self.shape.head)
        return split.transpose(1, 2).float()

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """Return the residual stream after this layer."""
        normed = self.attention_norm(x)
        query = rotate(self._heads(self.query(normed)), cosine, sine)
        key = rotate(self._heads(self.key(normed)), cosine, sine)
        value = self._heads(self.value(normed))
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.output(mixed.transpose(1, 2).reshape(x.shape))
        normed = self.forward_norm(x)
        return x + self.down(functional.silu(self.gate(normed)) * self.up(normed))


class Network(nn.Module):  # type: ignore[misc]
    """The whole network; input and output embedding are one matrix."""

    cosine: Tensor
    sine: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        rates = shape.rope_base ** (-torch.arange(0, shape.head, 2).float() / shape.head)
        angles = torch.outer(torch.arange(shape.context).float(), rates)
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)
        self._initialise()

    def _initialise(self) -> None:
        for name, parameter in self.named_parameters():
            if parameter.dim() != 2:
                continue
            scale = 0.02 if name.startswith("embedding") else 0.6 / math.sqrt(parameter.shape[1])
            if name.endswith(("output.weight", "down.weight")):
                scale /= math.sqrt(2 * self.shape.layers)
            nn.init.normal_(parameter, std=scale)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the last hidden state of every position."""
        length = tokens.shape[1]
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, self.cosine[:length], self.sine[:length])
        return self.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        """Return the scores of all tokens for hidden states."""
        return functional.linear(hidden, self.embedding.weight)
