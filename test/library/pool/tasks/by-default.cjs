module.exports = {
  factor: 2,
  double(value) {
    return this.factor * value;
  },
  init(factor) {
    if (factor !== undefined) module.exports.factor = factor;
  },
};
